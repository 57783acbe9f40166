using Latchkey.Saml.Findings;

namespace Latchkey.Server.SingleLogout;

/// <summary>What can keep a logout from its end although the message is sound. Rows of the same shape as the protocol's own.</summary>
internal static class LogoutFindings
{
    public static readonly FindingKind PrincipalUnknown = new(
        "logout-principal-unknown",
        "B3",
        Severity.Refusal,
        "No session was made known to this application by that NameID and SessionIndex.",
        "Have the service provider send NameID and SessionIndex exactly as the assertion named them.",
        "saml-core-2.0 §3.7.3.2"
    );

    public static readonly FindingKind AlreadyAnswered = new(
        "logout-already-answered",
        "B3",
        Severity.Refusal,
        "This LogoutRequest has been answered before.",
        "Nothing to do: the user reloaded or went back; the session is over.",
        "saml-core-2.0 §1.3.4"
    );

    public static readonly FindingKind ResponseUnexpected = new(
        "logout-response-unexpected",
        "P1",
        Severity.Refusal,
        "A LogoutResponse came without the RelayState of a logout that waits for one.",
        "Have the service provider return RelayState as it came, as the bindings demand.",
        "saml-bindings-2.0 §3.4.3"
    );
}
