namespace Latchkey.Saml.Tests.Responses;

/// <summary>Which confirmations of the subject count (rule P4).</summary>
public sealed class BearerConfirmationTests
{
    [Fact]
    public void P4_One_good_bearer_confirmation_among_others_is_enough() =>
        ReceivedResponses
            .Unsigned.With(
                "<saml:SubjectConfirmation ",
                "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"2020-01-01T00:00:00Z\"/></saml:SubjectConfirmation><saml:SubjectConfirmation "
            )
            .SignResponse()
            .Validate()
            .ShouldBeAccepted();
}
