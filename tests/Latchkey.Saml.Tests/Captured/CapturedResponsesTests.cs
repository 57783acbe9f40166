using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// Responses of real providers, and attacks on them, from the test suites of other implementations
/// (<c>Data/captured/README.md</c> has sources and licences): refused where those refuse, and accepted where those
/// accept; <c>suites.tsv</c> lists where we differ, and why.
/// </summary>
public sealed class CapturedResponsesTests
{
    /// <summary>What the suites say and what we say, a row for each file.</summary>
    private static readonly Row[] Rows =
    [
        .. TestData
            .Text("captured/suites.tsv")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => new Row(cells[0], cells[1], cells[2], cells[3])),
    ];

    private static readonly string[] Signed =
    [
        "urn:oasis:names:tc:SAML:2.0:protocol:Response",
        "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    ];

    [Fact]
    public void Every_file_has_its_row()
    {
        string root = TestData.PathOf("captured");
        ((string[])["*.xml", "*.base64"])
            .SelectMany(pattern => Directory.GetFiles(root, pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(root, file))
            .Order(StringComparer.Ordinal)
            .ShouldBe(Rows.Select(row => row.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_message_and_each_signature_is_judged_as_recorded()
    {
        StringBuilder judged = new();
        foreach (Row row in Rows)
        {
            judged.Append(row.File).Append('\t').Append(Message(row.File).Record()).Append('\n');
        }
        Encoding.UTF8.GetBytes(judged.ToString()).ShouldEqualGolden("captured/verdicts.tsv");
    }

    /// <summary>On its merits: not because the key is too weak.</summary>
    [Fact]
    public void What_a_suite_refuses_is_refused_unless_it_is_said_why_not() =>
        Rows.Where(row =>
                row.Suite == "refuses"
                && Message(row.File)
                    .VerdictWithKeysOfAnyStrength()
                    .StartsWith("accepted", StringComparison.Ordinal)
            )
            .Select(row => row.File)
            .ShouldBe(
                Rows.Where(row => row.Suite == "refuses" && row.Different.Length > 0)
                    .Select(row => row.File)
            );

    [Fact]
    public void What_a_suite_accepts_is_accepted_or_refused_for_the_rule_that_is_named()
    {
        foreach (Row row in Rows.Where(row => row.Suite == "accepts"))
        {
            CapturedMessage message = Message(row.File);
            string[] codes = row.Different.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string code in codes)
                message.Record().ShouldContain(code, Case.Sensitive, row.File);
            if (codes.All(code => code == "key-too-weak"))
                message
                    .VerdictWithKeysOfAnyStrength()
                    .ShouldStartWith("accepted", Case.Sensitive, row.File);
        }
    }

    [Fact]
    public void Xmlsec1_says_the_same_of_each_signature()
    {
        // Whatever one certificate or the message's own verifies is asked about at one go.
        Dictionary<(string XPath, string? Certificate), List<byte[]>> good = [];
        foreach (Row row in Rows)
        {
            CapturedMessage message = Message(row.File);
            string[] certificates = [.. IdentityProviders(row.File)];
            foreach (string signature in message.Signatures.Split(", "))
            {
                string xpath =
                    $"{(signature.StartsWith("Response", StringComparison.Ordinal) ? "/*" : "/*/*[local-name()='Assertion']")}/*[local-name()='Signature']";
                bool isGood = signature.EndsWith("good", StringComparison.Ordinal);
                if (isGood && certificates.Length < 2)
                {
                    (string, string?) asked = (xpath, certificates.FirstOrDefault());
                    if (!good.TryGetValue(asked, out List<byte[]>? messages))
                        good.Add(asked, messages = []);
                    messages.Add(message.Xml);
                }
                else if (isGood || signature.EndsWith("altered", StringComparison.Ordinal))
                    (
                        certificates.Length > 0
                            ? certificates.Select(one =>
                                Xmlsec1.Verify(message.Xml, one, xpath, Signed)
                            )
                            : [Xmlsec1.VerifyWithCarriedKey(message.Xml, xpath, Signed)]
                    )
                        .Any(outcome => outcome.ExitCode == 0)
                        .ShouldBe(isGood, $"{row.File} {signature}");
            }
        }
        foreach (((string xpath, string? certificate), List<byte[]> messages) in good)
            Xmlsec1.ShouldVerifyAll(messages, certificate, xpath, Signed);
    }

    private static CapturedMessage Message(string file) =>
        new(
            TestData.Bytes($"captured/{file}"),
            [.. IdentityProviders(file).Select(X509CertificateLoader.LoadCertificateFromFile)],
            [
                .. Beside(file, "sp*.key.pem")
                    .Select(key =>
                        X509Certificate2.CreateFromPemFile(
                            key[..^".key.pem".Length] + ".crt.pem",
                            key
                        )
                    ),
            ]
        );

    private static IEnumerable<string> IdentityProviders(string file) => Beside(file, "idp*.crt");

    // In its own folder, or else in that of its suite.
    private static IEnumerable<string> Beside(string file, string pattern)
    {
        string[] folders =
        [
            Path.GetDirectoryName(file)!,
            file[..file.IndexOf('/', StringComparison.Ordinal)],
        ];
        return folders
                .Select(folder =>
                    Directory.GetFiles(TestData.PathOf($"captured/{folder}"), pattern)
                )
                .FirstOrDefault(found => found.Length > 0)
                ?.Order(StringComparer.Ordinal)
            ?? Enumerable.Empty<string>();
    }

    /// <param name="File">Under <c>Data/captured</c>.</param>
    /// <param name="Suite">What the suite it comes from says: accepts, refuses, or only reads it.</param>
    /// <param name="Words">In what words.</param>
    /// <param name="Different">Where it accepts, the codes for which we refuse; where it refuses, why we accept.</param>
    private sealed record Row(string File, string Suite, string Words, string Different);
}
