using System.IO.Compression;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Requests;

/// <summary>AuthnRequests as an identity provider receives them (rules B1, B2, I1, I2).</summary>
public sealed class AuthnRequestTests
{
    private const string SignOn = "https://id.example.test/saml2/wiki";

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
        Destination = SignOn,
        AssertionConsumerServiceUrl = "https://wiki.example.test/acs?tenant=1&lang=en",
        ProtocolBinding = SamlBindings.Post,
        ForceAuthn = true,
        ProviderName = "Wiki",
        NameIdPolicy = new NameIdPolicy(NameIdFormats.Persistent, AllowCreate: true),
        RequestedAuthnContext = new RequestedAuthnContext(
            [AuthnContextClasses.Password, "urn:x"],
            AuthnContextComparison.Minimum
        ),
    };

    private static readonly VerificationKey Key = VerificationKey.FromCertificate(
        TestKeys.CertificateDer("test-only-sp")
    );

    private static readonly MessageRules Rules = new()
    {
        PeerEntityId = Request.Issuer,
        Destination = SignOn,
        Keys = [Key],
        Now = SampleResponses.Now,
    };

    private static string SignedQuery { get; } =
        QueryOf(
            MessageWriter.ToRedirectUrl(Request, SignOn, "a b&c=é+%", TestKeys.ServiceProvider)
        );

    private static string Xml { get; } =
        Encoding.UTF8.GetString(Convert.FromBase64String(MessageWriter.ToFormValue(Request)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void B1_What_the_service_provider_sent_by_Redirect_is_read(bool signed)
    {
        string url = MessageWriter.ToRedirectUrl(
            Request,
            SignOn,
            "a b&c=é+%",
            signed ? TestKeys.ServiceProvider : null
        );

        Verdict<Received<AuthnRequest>> verdict = AuthnRequestValidator.Validate(
            IncomingMessage.FromRedirect(QueryOf(url)),
            Rules
        );

        verdict.ShouldBeAccepted();
        verdict.Value!.Signed.ShouldBe(signed);
        verdict.Value.RelayState.ShouldBe("a b&c=é+%");
        verdict.Value.Binding.ShouldBe(SamlBindings.Redirect);
        ShouldBeTheRequest(verdict.Value.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void B2_What_the_service_provider_sent_by_POST_is_read(bool signed)
    {
        string field = MessageWriter.ToFormValue(Request, signed ? TestKeys.ServiceProvider : null);

        Verdict<Received<AuthnRequest>> verdict = AuthnRequestValidator.Validate(
            IncomingMessage.FromForm(field, "state"),
            Rules
        );

        verdict.ShouldBeAccepted();
        verdict.Value!.Signed.ShouldBe(signed);
        ShouldBeTheRequest(verdict.Value.Message);
    }

    /// <summary>What stands in the signed query, what it becomes, the finding.</summary>
    public static TheoryData<string, string, string> BrokenQueries =>
        new()
        {
            { "RelayState=a", "RelayState=b", "signature-invalid" },
            { "RelayState=a", "relayState=a", "signature-invalid" },
            { "%C3%A9", "%c3%a9", "signature-invalid" },
            { "rsa-sha256", "rsa-sha384", "signature-invalid" },
            { "rsa-sha256", "rsa-sha1", "signature-algorithm" },
            { "rsa-sha256", "hmac-sha256", "signature-algorithm" },
            { "&Signature=", "&signature=", "query-parameter-missing" },
            { "&SigAlg=", "&sigAlg=", "query-parameter-missing" },
            { "&Signature=", "&Signature=x&Signature=", "query-parameter-repeated" },
            { "SAMLRequest=", "SAMLRequest=x&SAMLRequest=", "query-parameter-repeated" },
            { "SAMLRequest=", "SAMLResponse=x&SAMLRequest=", "query-parameter-repeated" },
            { "&RelayState=", "&RelayState=x&RelayState=", "query-parameter-repeated" },
            { "SAMLRequest=", "SAML%52equest=x&SAMLRequest=", "query-parameter-malformed" },
            { "SAMLRequest=", "SAMLrequest=", "query-parameter-missing" },
            { "SAMLRequest=", "SAMLRequest=%zz", "query-parameter-malformed" },
            { "RelayState=a", "RelayState=%FFa", "query-parameter-malformed" },
            { "SAMLRequest=", "SAMLEncoding=urn%3Ax&SAMLRequest=", "query-encoding-unsupported" },
            { "SAMLRequest=", "SAMLRequest=*", "base64-malformed" },
            { "SAMLRequest=", "SAMLRequest=%0A", "base64-malformed" },
        };

    [Theory]
    [MemberData(nameof(BrokenQueries))]
    public void B1_A_query_that_was_altered_is_refused(
        string old,
        string replacement,
        string code
    ) =>
        AuthnRequestValidator
            .Validate(IncomingMessage.FromRedirect(SignedQuery.With(old, replacement)), Rules)
            .ShouldBeRefusedFor(code);

    [Fact]
    public void B1_Parameters_of_others_and_the_order_play_no_part()
    {
        string[] parts = SignedQuery.TrimStart('?').Split('&');
        Array.Reverse(parts);

        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromRedirect("utm=1&" + string.Join('&', parts) + "&&x"),
                Rules
            )
            .ShouldBeAccepted();
    }

    [Fact]
    public void K_10_A_request_that_was_not_deflated_is_refused_by_its_name() =>
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(
                    "SAMLRequest="
                        + Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(Xml)))
                ),
                Rules
            )
            .ShouldBeRefusedFor("request-not-deflated");

    [Fact]
    public void B1_A_zlib_header_is_refused()
    {
        using MemoryStream output = new();
        using (ZLibStream zlib = new(output, CompressionLevel.Optimal))
            zlib.Write(Encoding.UTF8.GetBytes(Xml));

        Verdict<Received<AuthnRequest>> verdict = AuthnRequestValidator.Validate(
            IncomingMessage.FromRedirect(
                "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(output.ToArray()))
            ),
            Rules
        );

        verdict.ShouldBeRefusedFor("deflate-malformed");
        verdict.Findings[0].Found.ShouldBe("a zlib header");
    }

    [Fact]
    public void I2_An_unsigned_request_is_refused_where_signatures_are_demanded()
    {
        MessageRules demanding = Rules with { RequireSignature = true };

        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(MessageWriter.ToFormValue(Request)), demanding)
            .ShouldBeRefusedFor("signature-missing");
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(QueryOf(MessageWriter.ToRedirectUrl(Request, SignOn))),
                demanding
            )
            .ShouldBeRefusedFor("signature-missing");
    }

    [Fact]
    public void I2_A_signed_request_has_to_verify_even_where_unsigned_ones_are_accepted()
    {
        using VerificationKey other = VerificationKey.FromCertificate(
            TestKeys.CertificateDer("test-only-idp")
        );

        AuthnRequestValidator
            .Validate(IncomingMessage.FromRedirect(SignedQuery), Rules with { Keys = [other] })
            .ShouldBeRefusedFor("signature-invalid");
        AuthnRequestValidator
            .Validate(IncomingMessage.FromRedirect(SignedQuery), Rules with { Keys = [] })
            .ShouldBeRefusedFor("no-verification-key");
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromForm(
                    MessageWriter.ToFormValue(Request, TestKeys.ServiceProvider)
                ),
                Rules with
                {
                    Keys = [other],
                }
            )
            .ShouldBeRefusedFor("signature-invalid");
    }

    /// <summary>Rule, what stands in the request, what it becomes, the finding.</summary>
    public static TheoryData<string, string, string, string> BrokenRules =>
        new()
        {
            { "P2", "Version=\"2.0\"", "Version=\"1.1\"", "version-unsupported" },
            {
                "P2",
                "https://wiki.example.test/metadata<",
                "https://other.example.test<",
                "issuer-mismatch"
            },
            {
                "P3",
                "Destination=\"https://id.example.test/saml2/wiki\"",
                "Destination=\"https://id.example.test/saml2/other\"",
                "destination-mismatch"
            },
            {
                "P5",
                "IssueInstant=\"2026-03-14T09:26:53Z\"",
                "IssueInstant=\"2026-03-14T09:29:54Z\"",
                "issued-in-future"
            },
            {
                "P1",
                "IssueInstant=\"2026-03-14T09:26:53Z\"",
                "IssueInstant=\"2026-03-14T09:13:52Z\"",
                "request-expired"
            },
            { "X3", "ID=\"_request", "ID=\"1request", "id-malformed" },
            { "X4", "ForceAuthn=\"true\"", "ForceAuthn=\"yes\"", "value-malformed" },
            { "X4", "Comparison=\"minimum\"", "Comparison=\"best\"", "value-malformed" },
            { "I1", "ForceAuthn=\"true\"", "AssertionConsumerServiceIndex=\"0\"", "acs-ambiguous" },
            {
                "X4",
                "ForceAuthn=\"true\"",
                "AssertionConsumerServiceIndex=\"65536\"",
                "value-malformed"
            },
            {
                "I2",
                "<samlp:NameIDPolicy",
                "<saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/><samlp:NameIDPolicy",
                "request-subject-unsupported"
            },
            {
                "X4",
                "<samlp:NameIDPolicy",
                "<samlp:Status/><samlp:NameIDPolicy",
                "element-unexpected"
            },
            { "P2", "samlp:AuthnRequest", "samlp:LogoutRequest", "message-type-unexpected" },
        };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void A_request_that_breaks_a_rule_is_refused(
        string rule,
        string old,
        string replacement,
        string code
    )
    {
        string xml = Xml.With(old, replacement)
            .Replace(
                "</samlp:AuthnRequest>",
                old == "samlp:AuthnRequest" ? "</samlp:LogoutRequest>" : "</samlp:AuthnRequest>",
                StringComparison.Ordinal
            );

        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(Base64(xml)), Rules)
            .ShouldBeRefusedFor(code);
        rule.ShouldNotBeEmpty();
    }

    [Fact]
    public void P2_A_request_without_issuer_is_refused() =>
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromForm(Base64(Xml.Without("<saml:Issuer", "</saml:Issuer>"))),
                Rules
            )
            .ShouldBeRefusedFor("issuer-missing");

    [Fact]
    public void P3_A_signed_request_has_to_say_where_it_was_sent()
    {
        // Ours is never written so.
        string without = Xml.With(" Destination=\"https://id.example.test/saml2/wiki\"", "");
        string signed = without.Sign(
            "/samlp:AuthnRequest",
            request => request.SigningKey = ReceivedResponses.PrivateKey("test-only-sp")
        );

        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(Base64(signed)), Rules)
            .ShouldBeRefusedFor("destination-missing");
        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(Base64(without)), Rules)
            .ShouldBeAccepted();
    }

    [Fact]
    public void EXT01_Extensions_are_skipped() =>
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromForm(
                    Base64(
                        Xml.With(
                            "<samlp:NameIDPolicy",
                            "<samlp:Extensions><x:é xmlns:x=\"urn:x\" ID=\"5\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">eve</saml:Issuer></x:é></samlp:Extensions><samlp:NameIDPolicy"
                        )
                    )
                ),
                Rules
            )
            .ShouldBeAccepted();

    [Fact]
    public void X2_A_long_RelayState_is_refused() =>
        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(Base64(Xml), new string('é', 2_049)), Rules)
            .ShouldBeRefusedFor("relay-state-too-long");

    [Fact]
    public void X2_An_inflate_bomb_is_refused()
    {
        using MemoryStream output = new();
        using (DeflateStream deflate = new(output, CompressionLevel.SmallestSize))
            deflate.Write(new byte[20_000_000]);

        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(
                    "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(output.ToArray()))
                ),
                Rules
            )
            .ShouldBeRefusedFor("message-too-long");
    }

    // Records compare by value, but lists by reference.
    private static void ShouldBeTheRequest(AuthnRequest message)
    {
        message.RequestedAuthnContext!.ClassRefs.ShouldBe(Request.RequestedAuthnContext!.ClassRefs);
        (message with { RequestedAuthnContext = null }).ShouldBe(
            Request with
            {
                RequestedAuthnContext = null,
            }
        );
        message.RequestedAuthnContext.Comparison.ShouldBe(AuthnContextComparison.Minimum);
    }

    private static string Base64(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));

    private static string QueryOf(string url) => url[url.IndexOf('?', StringComparison.Ordinal)..];
}
