using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// The Responses in the test suites of other implementations that no package carries. They are not kept here: with
/// LATCHKEY_VECTORS naming a folder that holds checkouts of them, each file is judged and compared with what is
/// recorded in <c>Data/published</c> (docs/explanation/how-the-core-is-tested.md).
/// </summary>
public sealed partial class PublishedSuitesTests
{
    /// <summary>Name of the checkout, folder of its Responses, its service provider's key and certificate.</summary>
    public static TheoryData<string, string, string, string> Suites =>
        new()
        {
            {
                "ruby-saml",
                "test/responses",
                "test/certificates/ruby-saml.key",
                "test/certificates/ruby-saml.crt"
            },
            { "python3-saml", "tests/data/responses", "tests/certs/key", "tests/certs/cert" },
            { "php-saml", "tests/data/responses", "tests/certs/key", "tests/certs/cert" },
            {
                "node-saml",
                "test/static",
                "test/static/testshib encryption pvk.pem",
                "test/static/testshib encryption cert.pem"
            },
            { "crewjam-saml", "testdata", "testdata/sp_key.pem", "testdata/sp_cert.pem" },
        };

    [Theory]
    [MemberData(nameof(Suites))]
    public void Each_message_and_each_signature_is_judged_as_recorded(
        string suite,
        string folder,
        string key,
        string certificate
    )
    {
        string? vectors = Environment.GetEnvironmentVariable("LATCHKEY_VECTORS");
        Assert.SkipWhen(vectors is null, "LATCHKEY_VECTORS names no folder with the checkouts.");
        string root = Path.Combine(vectors!, suite);
        List<DecryptionKey> keys = Keys(Path.Combine(root, key), Path.Combine(root, certificate));
        StringBuilder judged = new();
        foreach (
            string file in Directory
                .GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            CapturedMessage message = new(File.ReadAllBytes(file), [], keys);
            if (message.IsResponse)
                judged
                    .Append(Path.GetRelativePath(Path.Combine(root, folder), file))
                    .Append('\t')
                    .Append(message.Signatures)
                    .Append('\t')
                    .Append(message.Verdict())
                    .Append('\n');
        }
        Encoding.UTF8.GetBytes(judged.ToString()).ShouldEqualGolden($"published/{suite}.tsv");
    }

    [Fact]
    public void No_attack_of_theirs_and_nothing_they_call_invalid_is_accepted()
    {
        foreach (string record in Directory.GetFiles(TestData.PathOf("published"), "*.tsv"))
        foreach (string line in File.ReadAllLines(record))
            if (Refused().IsMatch(line[..line.IndexOf('\t', StringComparison.Ordinal)]))
                line.ShouldContain("\trefused ", Case.Sensitive, record);
    }

    [GeneratedRegex(
        "invalid|attack|wrap|Xsw|concealed|doubled|expired",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Refused();

    private static List<DecryptionKey> Keys(string key, string certificate)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(key));
            using X509Certificate2 loaded = X509CertificateLoader.LoadCertificateFromFile(
                certificate
            );
            return [DecryptionKey.Import(rsa.ExportPkcs8PrivateKey(), loaded.RawData)];
        }
        // Some suites still use 1024 bits.
        catch (Exception unusable) when (unusable is CryptographicException or IOException)
        {
            return [];
        }
    }
}
