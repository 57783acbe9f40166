using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Bindings;

/// <summary>Whole forms of HTTP-POST (rule B2), RelayState (rule P9), and what is not HTTP-POST.</summary>
public sealed class FormTests
{
    private static readonly string Message = MessageWriter.ToFormValue(
        Sample.LogoutRequest,
        TestKeys.ServiceProvider
    );

    [Fact]
    public void B2_A_form_with_one_message_and_other_fields_is_read() =>
        Validate(("SAMLRequest", Message), ("RelayState", "a"), ("utm", "b"), ("utm", "c"))
            .Value!.RelayState.ShouldBe("a");

    [Fact]
    public void B2_A_field_that_is_missing_repeated_or_excluded_is_refused()
    {
        Validate(("RelayState", "a")).ShouldBeRefusedFor("form-field-wrong");
        Validate(("SAMLRequest", Message), ("SAMLRequest", Message))
            .ShouldBeRefusedFor("form-field-wrong");
        Validate(("SAMLRequest", Message), ("SAMLResponse", Message))
            .ShouldBeRefusedFor("form-field-wrong");
        Validate(("SAMLResponse", Message)).ShouldBeRefusedFor("form-field-wrong");
        Validate(("SAMLRequest", Message), ("RelayState", "a"), ("RelayState", "a"))
            .ShouldBeRefusedFor("form-field-wrong");
    }

    [Theory]
    [InlineData("Signature")]
    [InlineData("SigAlg")]
    public void B2_POST_SimpleSign_is_refused_by_its_name(string field) =>
        Validate(("SAMLRequest", Message), (field, "x"))
            .ShouldBeRefusedFor("post-simple-sign-unsupported");

    [Fact]
    public void B2_A_request_for_an_answer_by_POST_SimpleSign_is_refused_by_its_name() =>
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromForm(
                    MessageWriter.ToFormValue(
                        new AuthnRequest
                        {
                            Id = "_a",
                            IssueInstant = Sample.Now,
                            Issuer = Sample.ServiceProvider,
                            ProtocolBinding = SamlBindings.PostSimpleSign,
                        }
                    )
                ),
                Sample.Rules
            )
            .ShouldBeRefusedFor("post-simple-sign-unsupported");

    [Fact]
    public void P9_RelayState_beyond_80_bytes_is_kept_to_the_byte_and_said()
    {
        // 40 characters of two bytes each are just short enough.
        string fits = new('é', 40);

        Validate(("SAMLRequest", Message), ("RelayState", fits)).Findings.ShouldBeEmpty();
        var verdict = Validate(("SAMLRequest", Message), ("RelayState", fits + "+"));

        verdict.ShouldBeAccepted();
        verdict.Value!.RelayState.ShouldBe(fits + "+");
        verdict.Findings.Select(finding => finding.Code).ShouldBe(["relay-state-long"]);
    }

    [Fact]
    public void X2_RelayState_beyond_the_limit_is_refused() =>
        Validate(("SAMLRequest", Message), ("RelayState", new string('a', 4097)))
            .ShouldBeRefusedFor("relay-state-too-long");

    [Fact]
    public void K_10_XML_that_is_not_even_base64_is_named_as_undeflated() =>
        LogoutRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(
                    "SAMLRequest=" + Uri.EscapeDataString(Sample.Text(Sample.LogoutRequest))
                ),
                Sample.Rules
            )
            .ShouldBeRefusedFor("request-not-deflated");

    private static Verdict<Received<LogoutRequest>> Validate(
        params (string Name, string Value)[] fields
    ) =>
        LogoutRequestValidator.Validate(
            IncomingMessage.FromForm(
                fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
            ),
            Sample.Rules
        );
}
