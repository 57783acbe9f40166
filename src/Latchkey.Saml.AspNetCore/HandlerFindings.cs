using Latchkey.Saml.Findings;

namespace Latchkey.Saml.AspNetCore;

/// <summary>What the handler itself can find, beside what <see cref="FindingKinds"/> lists: the rules that need a store, a browser or the application's wishes.</summary>
internal static class HandlerFindings
{
    public static readonly FindingKind NoResponse = new(
        "sp-no-response",
        "B2",
        Severity.Refusal,
        "The assertion consumer service got no SAMLResponse form field.",
        "Responses have to be sent by HTTP-POST, once, with one SAMLResponse field; this address is not meant to be opened directly.",
        "saml-bindings-2.0 §3.5.4"
    );

    public static readonly FindingKind Replayed = new(
        "sp-assertion-replayed",
        "P7",
        Severity.Refusal,
        "The assertion was used before.",
        "Start the sign-in again. If nobody pressed Back or reloaded, somebody may have copied the assertion.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    public static readonly FindingKind RequestUsed = new(
        "sp-request-used",
        "P1",
        Severity.Refusal,
        "The request that the response answers was answered before.",
        "Start the sign-in again.",
        "saml-profiles-2.0 §4.1.4.3"
    );

    public static readonly FindingKind RequestExpired = new(
        "sp-request-expired",
        "P1",
        Severity.Refusal,
        "The sign-in took too long.",
        "Start the sign-in again; RemoteAuthenticationTimeout sets how long it may take.",
        "saml-profiles-2.0 §4.1.4.3"
    );

    public static readonly FindingKind StaleAuthentication = new(
        "sp-authentication-not-fresh",
        "P6",
        Severity.Refusal,
        "The request demanded that the user prove anew who they are, and the assertion names an earlier time.",
        "Make the identity provider honour ForceAuthn for this application.",
        "saml-core-2.0 §3.4.1"
    );

    public static readonly FindingKind AttributeMissing = new(
        "sp-attribute-missing",
        "U-19",
        Severity.Refusal,
        "An attribute that the application needs did not arrive.",
        "Send the attribute from the identity provider under exactly this name, or change the row in ClaimMappings.",
        "saml-core-2.0 §2.7.3"
    );
}
