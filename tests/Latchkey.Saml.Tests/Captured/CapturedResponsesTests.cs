using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// Responses of real providers, and attacks on them, from the test suites of other implementations
/// (<c>Data/captured/README.md</c> has sources and licences): refused where those refuse, and accepted where those
/// accept unless a rule of ours is stricter.
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
        Directory
            .GetFiles(root, "*.xml", SearchOption.AllDirectories)
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
            CapturedMessage message = Message(row.File);
            judged
                .Append(row.File)
                .Append('\t')
                .Append(message.Signatures)
                .Append('\t')
                .Append(message.Verdict())
                .Append('\n');
        }
        Encoding.UTF8.GetBytes(judged.ToString()).ShouldEqualGolden("captured/verdicts.tsv");
    }

    [Fact]
    public void What_a_suite_refuses_is_refused() =>
        Rows.Where(row =>
                row.Suite == "refuses"
                && Message(row.File).Verdict().StartsWith("accepted", StringComparison.Ordinal)
            )
            .Select(row => row.File)
            .ShouldBeEmpty();

    [Fact]
    public void What_a_suite_accepts_is_accepted_or_refused_for_the_rule_that_is_named()
    {
        foreach (Row row in Rows.Where(row => row.Suite == "accepts"))
        {
            string verdict = Message(row.File).Verdict();
            if (row.Stricter.Length == 0)
                verdict.ShouldStartWith("accepted", Case.Sensitive, row.File);
            else
                foreach (string code in row.Stricter.Split(' '))
                    verdict.ShouldContain(code, Case.Sensitive, row.File);
        }
    }

    [Fact]
    public void Xmlsec1_says_the_same_of_each_signature()
    {
        foreach (Row row in Rows)
        {
            CapturedMessage message = Message(row.File);
            string[] signatures = message.Signatures.Split(", ");
            foreach (
                string signature in signatures.Where(one =>
                    one.EndsWith("good", StringComparison.Ordinal)
                    || one.EndsWith("altered", StringComparison.Ordinal)
                )
            )
            {
                string element = signature[..signature.IndexOf(' ', StringComparison.Ordinal)];
                string xpath =
                    $"{(element == "Response" ? "/*" : "/*/*[local-name()='Assertion']")}/*[local-name()='Signature']";
                bool good = IdentityProviders(row.File)
                    .Select(certificate => Xmlsec1.Verify(message.Xml, certificate, xpath, Signed))
                    .Append(Xmlsec1.VerifyWithCarriedKey(message.Xml, xpath, Signed))
                    .Any(outcome => outcome.ExitCode == 0);
                good.ShouldBe(
                    signature.EndsWith("good", StringComparison.Ordinal),
                    $"{row.File} {signature}"
                );
            }
        }
    }

    private static CapturedMessage Message(string file)
    {
        string folder = TestData.PathOf($"captured/{Path.GetDirectoryName(file)}");
        return new CapturedMessage(
            TestData.Bytes($"captured/{file}"),
            [.. IdentityProviders(file).Select(X509CertificateLoader.LoadCertificateFromFile)],
            [
                .. Directory
                    .GetFiles(folder, "sp*.key.pem")
                    .Order(StringComparer.Ordinal)
                    .Select(key =>
                    {
                        using X509Certificate2 pair = X509Certificate2.CreateFromPemFile(
                            key[..^".key.pem".Length] + ".crt.pem",
                            key
                        );
                        return DecryptionKey.Import(
                            pair.GetRSAPrivateKey()!.ExportPkcs8PrivateKey(),
                            pair.RawData
                        );
                    }),
            ]
        );
    }

    private static IEnumerable<string> IdentityProviders(string file) =>
        Directory
            .GetFiles(TestData.PathOf($"captured/{Path.GetDirectoryName(file)}"), "idp*.crt")
            .Order(StringComparer.Ordinal);

    /// <param name="File">Under <c>Data/captured</c>.</param>
    /// <param name="Suite">What the suite it comes from says: accepts, refuses, or only reads it.</param>
    /// <param name="Words">In what words.</param>
    /// <param name="Stricter">The codes for which we refuse what the suite accepts.</param>
    private sealed record Row(string File, string Suite, string Words, string Stricter);
}
