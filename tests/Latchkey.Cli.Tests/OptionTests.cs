using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Latchkey.Cli.Tests;

/// <summary>Each option of <c>latchkey saml</c> does what its help says.</summary>
public sealed partial class OptionTests(Parties parties) : IClassFixture<Parties>
{
    private static readonly XNamespace s_samlp = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static readonly XNamespace s_saml = "urn:oasis:names:tc:SAML:2.0:assertion";

    [Fact]
    public void Each_option_has_a_test_that_uses_it()
    {
        var root = Path.GetFullPath(Path.Combine(Folder(), "../.."));
        var options = Directory
            .EnumerateFiles(Path.Combine(root, "src/Latchkey.Cli/Saml"), "*.cs")
            .SelectMany(file => Option().Matches(File.ReadAllText(file)))
            .Select(match => match.Value)
            .Distinct();
        var tests = string.Concat(
            Directory.EnumerateFiles(Folder(), "*.cs").Select(File.ReadAllText)
        );

        options.Where(option => !tests.Contains(option, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_authentication_context_of_a_Response_can_be_chosen()
    {
        var xml = XDocument.Parse(
            await parties.AnswerAsync("--xml", "--authn-context", "urn:example:badge")
        );

        xml.Descendants(s_saml + "AuthnContextClassRef")
            .Single()
            .Value.ShouldBe("urn:example:badge");
    }

    [Fact]
    public async Task Key_and_certificate_may_be_in_two_files()
    {
        var key = parties.Write(
            "alone.key.pem",
            PemEncoding.WriteString("PRIVATE KEY", parties.Key.ExportPkcs8())
        );
        var certificate = parties.Write(
            "alone.crt.pem",
            PemEncoding.WriteString("CERTIFICATE", parties.Key.Certificate.RawData)
        );

        var run = await Run.Latchkey(
            "saml",
            "sign",
            "--key",
            key,
            "--certificate",
            certificate,
            "--issuer",
            Parties.Issuer,
            "--audience",
            Parties.Audience,
            "--acs",
            Parties.Acs,
            "--now",
            Parties.Now,
            "--in-response-to",
            Parties.RequestId
        );

        (await parties.VerifyAsync(run.Output.Trim())).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_asks_for_what_its_options_say()
    {
        var run = await Run.Latchkey(
            "saml",
            "request",
            "--issuer",
            Parties.Audience,
            "--destination",
            "https://idp.test/sso",
            "--binding",
            "post",
            "--acs",
            Parties.Acs,
            "--name-id-format",
            "persistent",
            "--authn-context",
            "urn:a",
            "--authn-context",
            "urn:b",
            "--force-authn",
            "--passive"
        );
        var request = XDocument
            .Parse(Encoding.UTF8.GetString(Convert.FromBase64String(run.Output.Trim())))
            .Root!;

        request.ShouldSatisfyAllConditions(
            r => r.Attribute("ForceAuthn")!.Value.ShouldBe("true"),
            r => r.Attribute("IsPassive")!.Value.ShouldBe("true"),
            r => r.Attribute("AssertionConsumerServiceURL")!.Value.ShouldBe(Parties.Acs),
            r =>
                r.Element(s_samlp + "NameIDPolicy")!
                    .Attribute("Format")!
                    .Value.ShouldBe("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
            r =>
                r.Descendants(s_saml + "AuthnContextClassRef")
                    .Select(context => context.Value)
                    .ShouldBe(["urn:a", "urn:b"])
        );
    }

    [Theory]
    [InlineData("--allow", "unsolicited,sha1,cbc")]
    [InlineData("--allow", "unsolicited", "--allow", "cbc, sha1")]
    public async Task Several_leaves_may_be_given_at_once(params string[] options)
    {
        var response = parties.Write(
            "leaves.b64",
            Sha1Response.Sign(await parties.SignedAsync("--xml"), parties.Key)
        );

        var run = await Run.Latchkey(parties.VerifyOptions(response, options));

        run.Code.ShouldBe(0, run.Output);
    }

    [GeneratedRegex("\"--[a-z-]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
