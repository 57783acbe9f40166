using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>How the person has to have signed in (rule P6).</summary>
public sealed class AuthnStatementTests
{
    [Fact]
    public void P6_An_authentication_context_that_is_accepted_passes() =>
        ReceivedResponses
            .Unsigned.SignResponse()
            .Validate(
                ReceivedResponses.Rules with
                {
                    AcceptedAuthnContexts =
                    [
                        AuthnContextClasses.Password,
                        AuthnContextClasses.PasswordProtectedTransport,
                    ],
                }
            )
            .ShouldBeAccepted();
}
