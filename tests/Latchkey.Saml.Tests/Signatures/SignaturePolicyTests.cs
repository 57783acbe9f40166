using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>Which signatures are demanded, and whose keys count (rules S4, S8, S10).</summary>
public sealed class SignaturePolicyTests
{
    [Fact]
    public void S10_A_response_without_any_signature_is_refused() =>
        ReceivedResponses.Unsigned.Validate().ShouldBeRefusedFor("signature-missing");

    [Theory]
    [InlineData(SignedParts.Assertion, SignedParts.Response, "response-signature-missing")]
    [InlineData(
        SignedParts.Assertion,
        SignedParts.AssertionAndResponse,
        "response-signature-missing"
    )]
    [InlineData(SignedParts.Response, SignedParts.Assertion, "assertion-signature-missing")]
    [InlineData(
        SignedParts.Response,
        SignedParts.AssertionAndResponse,
        "assertion-signature-missing"
    )]
    public void S10_A_signature_that_is_demanded_has_to_be_there(
        SignedParts written,
        SignedParts demanded,
        string code
    ) =>
        ReceivedResponses
            .Written(written)
            .Validate(ReceivedResponses.Rules with { RequiredSignatures = demanded })
            .ShouldBeRefusedFor(code);

    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    [InlineData(SignedParts.AssertionAndResponse)]
    public void S10_More_signatures_than_demanded_pass(SignedParts demanded) =>
        ReceivedResponses
            .Written(SignedParts.AssertionAndResponse)
            .Validate(ReceivedResponses.Rules with { RequiredSignatures = demanded })
            .ShouldBeAccepted();

    [Fact]
    public void S10_Without_a_configured_key_nothing_is_accepted() =>
        ReceivedResponses
            .Written(SignedParts.Response)
            .Validate(ReceivedResponses.Rules with { Keys = [] })
            .ShouldBeRefusedFor("no-verification-key");

    [Fact]
    public void S4_Every_configured_key_is_tried()
    {
        using VerificationKey other = VerificationKey.FromCertificate(
            TestKeys.CertificateDer("test-only-sp")
        );

        ReceivedResponses
            .Written(SignedParts.Response)
            .Validate(
                ReceivedResponses.Rules with
                {
                    Keys = [other, ReceivedResponses.IdentityProviderKey],
                }
            )
            .ShouldBeAccepted();
    }

    [Fact]
    public void S4_A_key_in_the_message_is_no_key()
    {
        using VerificationKey other = VerificationKey.FromCertificate(
            TestKeys.CertificateDer("test-only-sp")
        );

        ReceivedResponses
            .Written(SignedParts.Response)
            .Validate(ReceivedResponses.Rules with { Keys = [other] })
            .ShouldBeRefusedFor("signature-invalid");
    }

    [Fact]
    public void S8_A_good_response_signature_does_not_excuse_a_bad_assertion_signature() =>
        ReceivedResponses
            .Unsigned.SignAssertion()
            .With("ada@", "eve@")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("digest-mismatch");

    [Fact]
    public void S8_A_good_assertion_signature_does_not_excuse_a_bad_response_signature() =>
        ReceivedResponses
            .Unsigned.SignAssertion()
            .SignResponse()
            .With("Version=\"2.0\"", "Version=\"2.0\" Consent=\"urn:x\"")
            .Validate()
            .ShouldBeRefusedFor("digest-mismatch");
}
