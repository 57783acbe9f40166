using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Encryption;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Logout;

/// <summary>LogoutRequests by every binding (rule B3, saml-core-2.0 §3.7.1).</summary>
public sealed class LogoutRequestTests
{
    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void B3_What_was_written_is_read(string binding)
    {
        Verdict<Received<LogoutRequest>> verdict = Validate(
            Sample.By(binding, Sample.LogoutRequest)
        );

        verdict.ShouldBeAccepted();
        verdict.Findings.ShouldBeEmpty();
        verdict.Value!.Signed.ShouldBeTrue();
        verdict.Value.Binding.ShouldBe(binding);
        verdict.Value.RelayState.ShouldBe(binding == SamlBindings.Soap ? null : "state é");
        LogoutRequest message = verdict.Value.Message;
        message.SessionIndexes.ShouldBe(["_session1", "_session2"]);
        (message with { SessionIndexes = Sample.LogoutRequest.SessionIndexes }).ShouldBe(
            Sample.LogoutRequest
        );
    }

    [Fact]
    public void A_request_may_say_no_more_than_who()
    {
        LogoutRequest bare = new()
        {
            Id = "_a",
            IssueInstant = Sample.Now,
            Issuer = Sample.ServiceProvider,
            Destination = Sample.LogoutUrl,
            NameId = new NameId("ada"),
        };

        LogoutRequest read = Validate(Sample.By(SamlBindings.Post, bare)).Value!.Message;

        read.NameId.ShouldBe(new NameId("ada"));
        read.SessionIndexes.ShouldBeEmpty();
        read.Reason.ShouldBeNull();
        read.NotOnOrAfter.ShouldBeNull();
        read.Asynchronous.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void The_asynchronous_extension_is_recognised(string binding) =>
        Validate(Sample.By(binding, Sample.LogoutRequest with { Asynchronous = true }))
            .Value!.Message.Asynchronous.ShouldBeTrue();

    [Fact]
    public void Other_extensions_are_skipped_and_never_searched() =>
        Validate(
            Sample.Posted(
                Sample.Sign(
                    Sample
                        .Text(Sample.LogoutRequest)
                        .With(
                            "</saml:Issuer>",
                            "</saml:Issuer><samlp:Extensions><x:y xmlns:x=\"urn:x\"><aslo:Asynchronous xmlns:aslo=\"urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo\"/></x:y></samlp:Extensions>"
                        )
                )
            )
        )
            .Value!.Message.Asynchronous.ShouldBeFalse();

    [Fact]
    public void B3_An_unsigned_request_is_refused_whatever_the_rules_say()
    {
        MessageRules lax = Sample.Rules with { RequireSignature = false };
        string xml = Sample.Text(Sample.LogoutRequest);
        string soap = Encoding.UTF8.GetString(
            MessageWriter.ToSoap(Sample.LogoutRequest, TestKeys.ServiceProvider)
        );

        LogoutRequestValidator
            .Validate(Sample.Posted(xml), lax)
            .ShouldBeRefusedFor("signature-missing");
        LogoutRequestValidator
            .Validate(IncomingMessage.FromSoap(Encoding.UTF8.GetBytes(Sample.Unsigned(soap))), lax)
            .ShouldBeRefusedFor("signature-missing");
        string query = new Uri(
            MessageWriter.ToRedirectUrl(
                Sample.LogoutRequest,
                Sample.LogoutUrl,
                key: TestKeys.ServiceProvider
            )
        ).Query;
        LogoutRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(
                    query[..query.IndexOf("&SigAlg", StringComparison.Ordinal)]
                ),
                lax
            )
            .ShouldBeRefusedFor("signature-missing");
    }

    [Fact]
    public void B3_No_logout_message_is_written_unsigned()
    {
        foreach (
            SamlMessage message in new SamlMessage[] { Sample.LogoutRequest, Sample.LogoutResponse }
        )
        {
            Should.Throw<ArgumentException>(() => MessageWriter.ToFormValue(message));
            Should.Throw<ArgumentException>(() => MessageWriter.ToSoap(message));
            Should.Throw<ArgumentException>(() =>
                MessageWriter.ToRedirectUrl(message, Sample.LogoutUrl)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void S4_A_request_signed_by_another_key_is_refused(string binding) =>
        LogoutRequestValidator
            .Validate(
                Sample.By(binding, Sample.LogoutRequest),
                Sample.Rules with
                {
                    Keys = [ReceivedResponses.IdentityProviderKey],
                }
            )
            .ShouldBeRefusedFor("signature-invalid");

    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void B3_An_expired_request_is_refused(string binding) =>
        Validate(
                Sample.By(
                    binding,
                    Sample.LogoutRequest with
                    {
                        NotOnOrAfter = Sample.Now.AddMinutes(-3),
                    }
                )
            )
            .ShouldBeRefusedFor("logout-expired");

    /// <summary>What is wrong, and the finding.</summary>
    public static TheoryData<string, string, string> Altered =>
        new()
        {
            { "Version=\"2.0\"", "Version=\"2.1\"", "version-unsupported" },
            { "metadata</saml:Issuer>", "other</saml:Issuer>", "issuer-mismatch" },
            { "Destination=\"https://id", "Destination=\"https://evil", "destination-mismatch" },
            { " Destination=", " Reasons=", "destination-missing" },
            {
                "IssueInstant=\"2026-03-14T09:26",
                "IssueInstant=\"2026-03-14T09:36",
                "issued-in-future"
            },
            {
                "IssueInstant=\"2026-03-14T09:26",
                "IssueInstant=\"2026-03-14T09:12",
                "request-expired"
            },
            { "IssueInstant=\"2026", "IssueInstant=\"soon 2026", "time-malformed" },
            { "NotOnOrAfter=\"2026", "NotOnOrAfter=\"later", "time-malformed" },
            { " ID=\"_logout", " ID=\"1logout", "id-malformed" },
            { "saml:NameID", "saml:BaseID", "logout-subject-unsupported" },
            { "<samlp:SessionIndex>_session1", "<samlp:SessionIndex>", "value-malformed" },
            { "<samlp:SessionIndex>_session1", "<samlp:SessionIndex>_s<b/>", "element-in-text" },
            { "</samlp:LogoutRequest>", "<x/></samlp:LogoutRequest>", "element-unexpected" },
        };

    [Theory]
    [MemberData(nameof(Altered))]
    public void B3_Every_rule_is_asked(string old, string replacement, string code)
    {
        string xml = Sample.Text(Sample.LogoutRequest).With(old, replacement);
        if (old == "saml:NameID")
            xml = xml.Replace("/saml:NameID", "/saml:BaseID", StringComparison.Ordinal);

        Validate(Sample.Posted(code == "id-malformed" ? xml : Sample.Sign(xml)))
            .ShouldBeRefusedFor(code);
    }

    [Fact]
    public void S9_Another_message_of_the_same_peer_is_no_logout_request() =>
        Validate(
                Sample.Posted(
                    Sample.Sign(
                        Sample
                            .Text(Sample.LogoutRequest)
                            .Replace("LogoutRequest", "AuthnRequest", StringComparison.Ordinal)
                    )
                )
            )
            .ShouldBeRefusedFor("message-type-unexpected");

    [Fact]
    public void S7_What_was_signed_counts_and_nothing_around_it()
    {
        string signed = Sample.Sign(Sample.Text(Sample.LogoutRequest));
        string wrapped = signed
            .Replace("<samlp:LogoutRequest ", "<samlp:LogoutRequest ", StringComparison.Ordinal)
            .With("ada &lt;", "eve &lt;");

        Validate(Sample.Posted(wrapped)).ShouldBeRefusedFor("digest-mismatch");
    }

    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void E1_An_encrypted_name_is_decrypted(string binding)
    {
        string xml = new Sealing().Element(
            Sample.Text(Sample.LogoutRequest),
            "saml:NameID",
            "saml:EncryptedID"
        );
        IncomingMessage message = binding switch
        {
            SamlBindings.Post => Sample.Posted(Sample.Sign(xml)),
            SamlBindings.Soap => IncomingMessage.FromSoap(
                Encoding.UTF8.GetBytes(InSoap(Sample.Sign(xml)))
            ),
            _ => IncomingMessage.FromRedirect(SignedQuery(xml)),
        };

        Verdict<Received<LogoutRequest>> verdict = LogoutRequestValidator.Validate(
            message,
            Sample.Rules with
            {
                DecryptionKeys = [Sealing.Key],
            }
        );

        verdict.ShouldBeAccepted();
        verdict.Value!.Message.NameId.ShouldBe(Sample.LogoutRequest.NameId);
    }

    [Fact]
    public void E1_Without_a_key_an_encrypted_name_is_refused_by_its_name() =>
        Validate(
                Sample.Posted(
                    Sample.Sign(
                        new Sealing().Element(
                            Sample.Text(Sample.LogoutRequest),
                            "saml:NameID",
                            "saml:EncryptedID"
                        )
                    )
                )
            )
            .ShouldBeRefusedFor("name-id-encrypted");

    [Fact]
    public void E1_Nothing_is_decrypted_for_somebody_who_did_not_sign()
    {
        string xml = new Sealing { SpoilContent = octets => [.. octets.Reverse()] }.Element(
            Sample.Text(Sample.LogoutRequest),
            "saml:NameID",
            "saml:EncryptedID"
        );

        Verdict<Received<LogoutRequest>> verdict = LogoutRequestValidator.Validate(
            Sample.Posted(xml),
            Sample.Rules with
            {
                DecryptionKeys = [Sealing.Key],
            }
        );

        verdict.Findings.Select(finding => finding.Code).ShouldBe(["signature-missing"]);
    }

    [Fact]
    public void Xmlsec1_agrees_on_the_signature_by_POST_and_by_SOAP()
    {
        Xmlsec1.ShouldVerify(
            Convert.FromBase64String(
                MessageWriter.ToFormValue(Sample.LogoutRequest, TestKeys.ServiceProvider)
            ),
            TestData.PathOf("keys/test-only-sp.crt.pem"),
            "/*[local-name()='LogoutRequest']/*[local-name()='Signature']",
            "urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest"
        );
        Xmlsec1.ShouldVerify(
            MessageWriter.ToSoap(Sample.LogoutRequest, TestKeys.ServiceProvider),
            TestData.PathOf("keys/test-only-sp.crt.pem"),
            "//*[local-name()='LogoutRequest']/*[local-name()='Signature']",
            "urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest"
        );
    }

    private static Verdict<Received<LogoutRequest>> Validate(IncomingMessage message) =>
        LogoutRequestValidator.Validate(message, Sample.Rules);

    private static string InSoap(string xml) =>
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:extra=\"urn:extra\"><s:Body>{xml}</s:Body></s:Envelope>";

    private static string SignedQuery(string xml) =>
        new Uri(
            Latchkey.Saml.Bindings.RedirectQuery.AppendTo(
                Sample.LogoutUrl,
                "SAMLRequest",
                Encoding.UTF8.GetBytes(xml),
                null,
                TestKeys.ServiceProvider,
                null
            )
        ).Query;
}
