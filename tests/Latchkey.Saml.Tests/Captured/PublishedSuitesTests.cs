using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Tests.Vectors;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// The files in other projects' repositories that no package carries. They are not kept here: with LATCHKEY_VECTORS
/// naming a folder that holds checkouts of them, each is judged and compared with what is recorded in
/// <c>Data/published</c> (docs/explanation/how-the-core-is-tested.md).
/// </summary>
public sealed partial class PublishedSuitesTests
{
    /// <summary>Name of the checkout, folder of its Responses, its service provider's key and certificate.</summary>
    private static readonly (string Name, string Folder, string Key, string Certificate)[] Suites =
    [
        (
            "ruby-saml",
            "test/responses",
            "test/certificates/ruby-saml.key",
            "test/certificates/ruby-saml.crt"
        ),
        ("php-saml", "tests/data/responses", "tests/certs/key", "tests/certs/cert"),
        (
            "node-saml",
            "test/static",
            "test/static/testshib encryption pvk.pem",
            "test/static/testshib encryption cert.pem"
        ),
        ("crewjam-saml", "testdata", "testdata/sp_key.pem", "testdata/sp_cert.pem"),
    ];

    [Fact]
    public void What_only_a_repository_holds_is_judged_as_recorded()
    {
        string? vectors = Environment.GetEnvironmentVariable("LATCHKEY_VECTORS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(vectors),
            "LATCHKEY_VECTORS names no folder with the checkouts."
        );
        foreach ((string suite, string folder, string key, string certificate) in Suites)
            Encoding
                .UTF8.GetBytes(Responses(Path.Combine(vectors!, suite), folder, key, certificate))
                .ShouldEqualGolden($"published/{suite}.tsv");
        foreach (string set in (string[])["xmldsig11-interop-2012", "xmlenc11-interop-2012"])
        {
            string record = $"published/{set}.tsv";
            // The others of the set are kept.
            string[] files =
            [
                .. File.ReadLines(TestData.PathOf(record))
                    .Select(line =>
                        Path.Combine(vectors!, "xmlsec/tests", set, line.Split('\t')[0])
                    ),
            ];
            Encoding
                .UTF8.GetBytes(
                    set.StartsWith("xmldsig", StringComparison.Ordinal)
                        ? SignatureVectorTests.Judge(files)
                        : EncryptionVectorTests.Judge(files)
                )
                .ShouldEqualGolden(record);
        }
    }

    [Fact]
    public void No_attack_of_theirs_and_nothing_they_call_invalid_is_accepted()
    {
        foreach (string record in Directory.GetFiles(TestData.PathOf("published"), "*-saml.tsv"))
        foreach (string line in File.ReadAllLines(record))
        {
            string file = line[..line.IndexOf('\t', StringComparison.Ordinal)];
            if (Invalid().IsMatch(file))
                line.ShouldContain("\trefused ", Case.Sensitive, record);
            // Whatever the strength of its key.
            if (Attack().IsMatch(file))
                line.ShouldNotContain("\taccepted ", Case.Sensitive, record);
        }
    }

    [GeneratedRegex("invalid|expired", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Invalid();

    // Not those signed with an attacker's own key, which would be pinned here: it is the one that the message carries.
    [GeneratedRegex(
        "attack(?!er)|wrap|Xsw|concealed|doubled",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Attack();

    private static string Responses(string suite, string folder, string key, string certificate)
    {
        // php-saml no longer publishes its key.
        X509Certificate2[] pairs = File.Exists(Path.Combine(suite, key))
            ?
            [
                X509Certificate2.CreateFromPemFile(
                    Path.Combine(suite, certificate),
                    Path.Combine(suite, key)
                ),
            ]
            : [];
        string root = Path.Combine(suite, folder);
        StringBuilder judged = new();
        foreach (
            string file in Directory
                .GetFiles(root, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            CapturedMessage message = new(File.ReadAllBytes(file), [], pairs);
            if (message.IsResponse)
                judged
                    .Append(Path.GetRelativePath(root, file))
                    .Append('\t')
                    .Append(message.Record())
                    .Append('\n');
        }
        return judged.ToString();
    }
}
