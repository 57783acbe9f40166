using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Logout;

/// <summary>LogoutResponses by every binding (rule B3, saml-core-2.0 §3.7.2).</summary>
public sealed class LogoutResponseTests
{
    [Theory]
    [MemberData(nameof(Sample.Bindings), MemberType = typeof(Sample))]
    public void B3_What_was_written_is_read(string binding)
    {
        Verdict<Received<LogoutResponse>> verdict = Validate(
            Sample.By(binding, Sample.LogoutResponse)
        );

        verdict.ShouldBeAccepted();
        verdict.Value!.Message.ShouldBe(Sample.LogoutResponse);
        verdict.Value.Message.Status.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_partial_logout_is_a_sound_answer_that_says_so()
    {
        SamlStatus partial = new(
            StatusCodes.Success,
            StatusCodes.PartialLogout,
            "One application did not answer."
        );

        LogoutResponse read = Validate(
            Sample.By(SamlBindings.Soap, Sample.LogoutResponse with { Status = partial })
        ).Value!.Message;

        read.Status.ShouldBe(partial);
        read.Status.IsPartialLogout.ShouldBeTrue();
    }

    [Fact]
    public void A_failed_logout_is_a_sound_answer_too() =>
        Validate(
            Sample.By(
                SamlBindings.Redirect,
                Sample.LogoutResponse with
                {
                    Status = new SamlStatus(StatusCodes.Requester, StatusCodes.UnknownPrincipal),
                }
            )
        )
            .Value!.Message.Status.ShouldBe(
                new SamlStatus(StatusCodes.Requester, StatusCodes.UnknownPrincipal)
            );

    [Fact]
    public void B3_An_unsigned_answer_is_refused() =>
        Validate(Sample.Posted(Sample.Text(Sample.LogoutResponse)))
            .ShouldBeRefusedFor("signature-missing");

    [Fact]
    public void P1_An_answer_to_another_request_is_refused() =>
        Validate(
                Sample.By(SamlBindings.Post, Sample.LogoutResponse with { InResponseTo = "_other" })
            )
            .ShouldBeRefusedFor("in-response-to-mismatch");

    [Fact]
    public void P1_An_answer_that_nobody_waits_for_is_refused() =>
        LogoutResponseValidator
            .Validate(
                Sample.By(SamlBindings.Post, Sample.LogoutResponse),
                Sample.Rules with
                {
                    RequestId = null,
                }
            )
            .ShouldBeRefusedFor("in-response-to-mismatch");

    /// <summary>What is wrong, and the finding.</summary>
    public static TheoryData<string, string, string> Altered =>
        new()
        {
            { "Version=\"2.0\"", "Version=\"1.1\"", "version-unsupported" },
            { "metadata</saml:Issuer>", "other</saml:Issuer>", "issuer-mismatch" },
            { "Destination=\"https://id", "Destination=\"https://evil", "destination-mismatch" },
            { " InResponseTo=", " Consent=", "in-response-to-missing" },
            { "T09:26", "T09:36", "issued-in-future" },
            { "T09:26", "T09:12", "request-expired" },
            { "samlp:StatusCode Value", "samlp:StatusCode Code", "attribute-missing" },
            { "</samlp:Status>", "</samlp:Status><samlp:Status/>", "element-unexpected" },
        };

    [Theory]
    [MemberData(nameof(Altered))]
    public void B3_Every_rule_is_asked(string old, string replacement, string code) =>
        Validate(
                Sample.Posted(
                    Sample.Sign(Sample.Text(Sample.LogoutResponse).With(old, replacement))
                )
            )
            .ShouldBeRefusedFor(code);

    [Fact]
    public void B1_A_response_in_the_parameter_of_a_request_is_refused()
    {
        string query = new Uri(
            MessageWriter.ToRedirectUrl(
                Sample.LogoutResponse,
                Sample.LogoutUrl,
                key: TestKeys.ServiceProvider
            )
        ).Query;

        query.ShouldStartWith("?SAMLResponse=");
        Validate(IncomingMessage.FromRedirect(query.With("SAMLResponse", "SAMLRequest")))
            .ShouldBeRefusedFor("query-parameter-missing");
    }

    [Fact]
    public void Xmlsec1_agrees_on_the_signature() =>
        Xmlsec1.ShouldVerify(
            MessageWriter.ToSoap(Sample.LogoutResponse, TestKeys.ServiceProvider),
            TestData.PathOf("keys/test-only-sp.crt.pem"),
            "//*[local-name()='LogoutResponse']/*[local-name()='Signature']",
            "urn:oasis:names:tc:SAML:2.0:protocol:LogoutResponse"
        );

    private static Verdict<Received<LogoutResponse>> Validate(IncomingMessage message) =>
        LogoutResponseValidator.Validate(message, Sample.Rules);
}
