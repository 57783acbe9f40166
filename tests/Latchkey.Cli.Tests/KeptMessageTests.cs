using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Tests;

/// <summary>The kept messages of the protocol core, folder by folder, as somebody else would try them.</summary>
public sealed class KeptMessageTests(Parties parties) : IClassFixture<Parties>
{
    [Fact]
    public async Task A_folder_of_valid_messages_is_accepted_in_one_run()
    {
        var lines = await VerifyAsync("valid", "--allow", "unsolicited");

        lines
            .Where(line => !line.GetProperty("accepted").GetBoolean())
            .Select(line => line.GetProperty("file").GetString())
            .ShouldBeEmpty();
        lines.Length.ShouldBeGreaterThan(70);
    }

    [Theory]
    [InlineData("wrapping")]
    [InlineData("signed-info")]
    [InlineData("documents")]
    [InlineData("addresses")]
    [InlineData("conditions")]
    [InlineData("comments")]
    public async Task A_folder_of_attackers_messages_gets_the_recorded_findings(string folder)
    {
        var expected = (
            await File.ReadAllLinesAsync(
                Data("attacks/expected.tsv"),
                TestContext.Current.CancellationToken
            )
        )
            .Select(line => line.Split('\t'))
            .Where(cells => cells[0].StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(cells => $"{cells[0]}: {cells[2]}")
            .Order(StringComparer.Ordinal);

        var lines = await VerifyAsync("attacks/" + folder);

        lines.Select(line => Describe(folder, line)).ShouldBe(expected);
    }

    private static string Describe(string folder, JsonElement line)
    {
        var codes = line.GetProperty("findings")
            .EnumerateArray()
            .Select(finding => finding.GetProperty("code").GetString()!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Prepend(line.GetProperty("accepted").GetBoolean() ? "accepted" : "refused");
        return $"{folder}/{line.GetProperty("file").GetString()}: {string.Join(' ', codes)}";
    }

    private async Task<JsonElement[]> VerifyAsync(string folder, params string[] more)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(
            Data("keys/test-only-idp.crt.pem")
        );
        var metadata = parties.Write(
            "kept.xml",
            MetadataWriter.Write(
                new EntityDescriptor
                {
                    EntityId = "https://id.example.test/saml2/wiki",
                    IdentityProvider = new IdentityProviderRole
                    {
                        SigningCertificates = [certificate.RawData],
                        SingleSignOnServices =
                        [
                            new(SamlBindings.Redirect, "https://id.example.test/saml2/wiki"),
                        ],
                    },
                }
            )
        );
        var run = await Run.Latchkey([
            "saml",
            "verify",
            Data(folder),
            "--idp-metadata",
            metadata,
            "--sp-entity-id",
            "https://wiki.example.test/metadata",
            "--acs",
            "https://wiki.example.test/acs?tenant=1&lang=en",
            "--request-id",
            "_request00000000000000000000000000000000001",
            "--now",
            "2026-03-14T09:26:53Z",
            .. more,
        ]);
        run.Error.ShouldBeEmpty();
        return [.. run.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private static string Data(string path, [CallerFilePath] string file = "") =>
        Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(file)!, "../Latchkey.Saml.Tests/Data", path)
        );
}
