using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml decode</c>: shows what there is, in whatever form it comes.</summary>
public sealed class DecodeTests(Parties parties) : IClassFixture<Parties>
{
    private static readonly AuthnRequest s_request = new()
    {
        Id = "_r1",
        IssueInstant = Parties.Time,
        Issuer = Parties.Audience,
    };

    [Fact]
    public async Task The_base64_of_a_form_field_is_unpacked()
    {
        var run = await DecodeAsync(await parties.AnswerAsync());

        run.Output.ShouldContain(">ada@example.test</saml:NameID>");
    }

    [Fact]
    public async Task Base64_with_line_breaks_is_unpacked()
    {
        var response = await parties.AnswerAsync();
        var lines = string.Join("\r\n", response.Chunk(76).Select(line => new string(line)));

        (await DecodeAsync(lines)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_form_body_is_unpacked()
    {
        var body = $"SAMLResponse={Uri.EscapeDataString(await parties.AnswerAsync())}&RelayState=x";

        (await DecodeAsync(body)).Output.ShouldContain("base64: HTTP-POST, parameter SAMLResponse");
    }

    [Fact]
    public async Task XML_is_shown_as_it_is()
    {
        (await DecodeAsync(await parties.AnswerAsync("--xml"))).Output.ShouldContain("plain XML");
    }

    [Fact]
    public async Task A_file_is_read()
    {
        var file = parties.Write("message.b64", await parties.AnswerAsync());

        (await DecodeAsync(file)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_Redirect_URL_is_inflated()
    {
        var run = await DecodeAsync(Redirect());

        run.Output.ShouldContain("DEFLATE in base64: HTTP-Redirect, parameter SAMLRequest");
    }

    [Fact]
    public async Task A_query_without_its_address_is_inflated()
    {
        var run = await DecodeAsync(new Uri(Redirect()).Query.TrimStart('?'));

        run.Output.ShouldContain("samlp:AuthnRequest");
    }

    [Fact]
    public async Task The_value_of_a_Redirect_parameter_alone_is_inflated()
    {
        var query = new Uri(Redirect()).Query;
        var value = query[(query.IndexOf('=', StringComparison.Ordinal) + 1)..];

        (await DecodeAsync(value[..value.IndexOf('&', StringComparison.Ordinal)])).Code.ShouldBe(0);
    }

    [Fact]
    public async Task RelayState_is_shown()
    {
        (await DecodeAsync(Redirect())).Output.ShouldContain("RelayState      /a b?c");
    }

    [Fact]
    public async Task A_signature_in_the_query_is_explained()
    {
        var url = MessageWriter.ToRedirectUrl(s_request, "https://idp.test/", null, parties.Key);

        (await DecodeAsync(url)).Output.ShouldContain(
            "Signature in the query, beside the message: RSA (PKCS#1 v1.5) with SHA-256."
        );
    }

    [Fact]
    public async Task K10_A_URL_that_is_not_deflated_is_shown_with_the_finding()
    {
        var url =
            "https://idp.test/?SAMLRequest="
            + Uri.EscapeDataString(MessageWriter.ToFormValue(s_request));

        var run = await DecodeAsync(url);

        (run.Code, run.Output).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(0),
            r => r.Output.ShouldContain("request-not-deflated")
        );
    }

    [Fact]
    public async Task Exactly_the_packed_XML_is_printed_on_demand()
    {
        var response = await parties.AnswerAsync();

        var run = await DecodeAsync(response, "--xml");

        run.Output.ShouldBe(Encoding.UTF8.GetString(Convert.FromBase64String(response)));
    }

    [Fact]
    public async Task A_signature_is_explained_with_its_algorithm()
    {
        var run = await DecodeAsync(await parties.AnswerAsync("--sign", "assertion"));

        run.Output.ShouldContain("Signature in saml:Assertion: RSA (PKCS#1 v1.5) with SHA-256");
    }

    [Fact]
    public async Task A_signature_is_explained_with_the_fingerprint_of_its_certificate()
    {
        var fingerprint = Convert.ToHexString(
            parties.Key.Certificate.GetCertHash(HashAlgorithmName.SHA256)
        );

        var run = await DecodeAsync(await parties.AnswerAsync());

        run.Output.Replace(":", "", StringComparison.Ordinal).ShouldContain(fingerprint);
    }

    [Fact]
    public async Task A_signature_is_explained_with_what_it_covers()
    {
        var run = await DecodeAsync(await parties.AnswerAsync());

        run.Output.ShouldContain("the element it stands in");
    }

    [Fact]
    public async Task S1_A_signature_where_nobody_may_look_is_called_so()
    {
        var response = await parties.AnswerAsync("--xml", "--sign", "response");
        var begin = response.IndexOf("<ds:Signature ", StringComparison.Ordinal);
        var end = response.IndexOf("</ds:Signature>", StringComparison.Ordinal) + 15;
        var wrapped =
            response[..begin]
            + "<samlp:Extensions>"
            + response[begin..end]
            + "</samlp:Extensions>"
            + response[end..];

        (await DecodeAsync(wrapped)).Output.ShouldContain("the mark of a wrapping attack");
    }

    [Fact]
    public async Task Encryption_is_explained()
    {
        const string Encrypted = """
            <saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
                xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
              <xenc:EncryptedData>
                <xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>
                <ds:KeyInfo>
                  <xenc:EncryptedKey Recipient="urn:app">
                    <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">
                      <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
                    </xenc:EncryptionMethod>
                  </xenc:EncryptedKey>
                </ds:KeyInfo>
              </xenc:EncryptedData>
            </saml:EncryptedAssertion>
            """;

        (await DecodeAsync(Encrypted)).Output.ShouldContain(
            "encrypted with RSA-OAEP (MGF1 with SHA-1), digest SHA-256, for urn:app"
        );
    }

    [Fact]
    public async Task It_says_that_nothing_was_verified()
    {
        (await DecodeAsync(await parties.AnswerAsync())).Output.ShouldContain(
            "Nothing of this was verified"
        );
    }

    [Fact]
    public async Task O1_What_a_terminal_would_obey_is_shown_and_not_sent()
    {
        var run = await DecodeAsync("<a b='&#x9B;31m'>x\u202Ey<!-- \u0085 --></a>");

        run.Output.ShouldNotContain(c => c != '\n' && (char.IsControl(c) || c == '\u202E'));
    }

    [Fact]
    public async Task A_misspelt_file_name_is_said_to_be_no_file()
    {
        (await DecodeAsync("respnse.b64")).Output.ShouldContain("There is no file of this name");
    }

    [Theory]
    [MemberData(nameof(HostileInputs.Names), MemberType = typeof(HostileInputs))]
    public async Task X2_What_is_hostile_is_read_or_has_a_finding(string name)
    {
        var run = await DecodeAsync(parties.Write("hostile", HostileInputs.Octets(name)));

        // 1 comes with a finding; what is well-formed though no message is shown.
        (run.Code == 0 || run.Output.Contains("✗", StringComparison.Ordinal)).ShouldBeTrue(
            run.Output
        );
    }

    private static string Redirect() =>
        MessageWriter.ToRedirectUrl(s_request, "https://idp.test/sso", "/a b?c");

    private static Task<Run> DecodeAsync(string message, params string[] more) =>
        Run.Latchkey(["saml", "decode", message, .. more]);
}
