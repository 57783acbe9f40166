using System.Runtime.CompilerServices;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Readme;

/// <summary>The samples in the library's README are the code that runs here.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void What_one_sample_issues_the_other_accepts()
    {
        using StringWriter log = new();
        string samlResponse = IssueSample.Run(TestKeys.IdentityProvider, SampleResponses.Now);

        string? user = ValidateSample.Run(
            samlResponse,
            TestKeys.CertificateDer("test-only-idp"),
            SampleResponses.Now,
            log
        );

        log.ToString().ShouldBeEmpty();
        user.ShouldBe("ada@example.test");
    }

    [Fact]
    public void A_refusal_says_what_is_wrong_and_what_to_do()
    {
        using StringWriter log = new();
        string samlResponse = IssueSample.Run(TestKeys.IdentityProvider, SampleResponses.Now);

        string? user = ValidateSample.Run(
            samlResponse,
            TestKeys.CertificateDer("test-only-idp"),
            SampleResponses.Now.AddHours(1),
            log
        );

        user.ShouldBeNull();
        log.ToString().ShouldContain("expired: The Assertion is no longer valid.");
    }

    [Theory]
    [InlineData("IssueSample.cs")]
    [InlineData("ValidateSample.cs")]
    public void The_README_shows_the_code_that_runs(string file)
    {
        string sample = Sample(File.ReadAllLines(Path.Combine(Folder(), file)));
        string readme = File.ReadAllText(
            Path.Combine(Folder(), "../../../src/Latchkey.Saml/README.md")
        );

        readme.ShouldContain($"```csharp\n{sample}\n```");
    }

    private static string Sample(string[] lines)
    {
        int start = Array.FindIndex(
            lines,
            l => l.Contains("// readme: ", StringComparison.Ordinal)
        );
        int end = Array.FindIndex(
            lines,
            l => l.Contains("// readme: end", StringComparison.Ordinal)
        );
        IEnumerable<string> shown = lines[(start + 1)..end]
            .Select(line => line.Length < 8 ? line.TrimStart() : line[8..]);
        return string.Join('\n', shown);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
