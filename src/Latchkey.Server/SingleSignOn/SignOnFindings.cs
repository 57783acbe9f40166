using Latchkey.Saml.Findings;

namespace Latchkey.Server.SingleSignOn;

/// <summary>What can keep a sign-in from its end although the message is sound. Rows of the same shape as the protocol's own.</summary>
internal static class SignOnFindings
{
    public static readonly FindingKind ApplicationUnknown = new(
        "application-unknown",
        "I1",
        Severity.Refusal,
        "No application has this address.",
        "Compare the single sign-on URL at the service provider with the one on the application's page.",
        "saml-metadata-2.0 §2.4.3"
    );

    public static readonly FindingKind ApplicationInactive = new(
        "application-inactive",
        "I1",
        Severity.Refusal,
        "The application is not active.",
        "Activate it on its page when it is ready to be used.",
        "saml-profiles-2.0 §4.1.3"
    );

    public static readonly FindingKind MetadataOver = new(
        "metadata-over",
        "M2",
        Severity.Refusal,
        "The followed metadata of the application has ended, and no newer one could be read.",
        "Have the service provider renew its metadata, or stop following its address on the application's page.",
        "saml-metadata-2.0 §4.3.1"
    );

    public static readonly FindingKind SigningKeyMissing = new(
        "signing-key-missing",
        "I6",
        Severity.Refusal,
        "The application has no active signing certificate.",
        "Activate the application again; that makes one.",
        "saml-profiles-2.0 §4.1.3.5"
    );

    public static readonly FindingKind SigningKeyUnusable = new(
        "signing-key-unusable",
        "I6",
        Severity.Refusal,
        "The key of the application's signing certificate cannot be opened.",
        "Start the server with the master key that the key was stored under; if that is lost, make a new certificate for the application and give it to the service provider.",
        "saml-profiles-2.0 §4.1.3.5"
    );

    public static readonly FindingKind AccessDenied = new(
        "access-denied",
        "S0-19",
        Severity.Refusal,
        "The application is granted neither to the user nor to one of the user's groups.",
        "Grant the application to one of the user's groups, or add the user to one of the application's.",
        "saml-core-2.0 §3.2.2.2"
    );

    public static readonly FindingKind NotSignedIn = new(
        "passive-without-session",
        "I7",
        Severity.Refusal,
        "The request allows no page to be shown, and nobody can be named without one.",
        "Nothing is wrong: the service provider asked quietly, and has to ask again without IsPassive.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>The session lacks the second factor, and no page may be shown to ask for it.</summary>
    public static readonly FindingKind SecondFactorMissing = new(
        "passive-without-second-factor",
        "I7",
        Severity.Refusal,
        "This sign-in needs a second factor, and the request allows no page on which to ask for it.",
        "Nothing is wrong: the service provider asked quietly, and has to ask again without IsPassive.",
        "saml-core-2.0 §3.4.1"
    );

    public static readonly FindingKind NameIdPolicyUnmet = new(
        "name-id-policy-unmet",
        "P8",
        Severity.Refusal,
        "The request wants a NameID that this application is not set to send.",
        "Set the NameID format on the application's page to the one the service provider asks for.",
        "saml-core-2.0 §3.4.1.1"
    );

    public static readonly FindingKind NameIdEmpty = new(
        "name-id-empty",
        "P8",
        Severity.Refusal,
        "The user has no value in the attribute that the NameID comes from.",
        "Fill that attribute in on the user's page, or choose another source on the application's.",
        "saml-core-2.0 §2.2.3"
    );

    public static readonly FindingKind AuthnContextUnmet = new(
        "authn-context-unmet",
        "P6",
        Severity.Refusal,
        "The request wants a way of authenticating that is not to be had here.",
        "Set the service provider to ask for PasswordProtectedTransport, or for none.",
        "saml-core-2.0 §3.3.2.2.1"
    );

    public static readonly FindingKind OtherIdentityProviderWanted = new(
        "other-identity-provider-wanted",
        "I1",
        Severity.Refusal,
        "The request is meant for other identity providers.",
        "Have the service provider put this application's IdP entity ID into the IDPList of its requests, or leave the list out.",
        "saml-core-2.0 §3.4.1.2"
    );

    public static readonly FindingKind OtherUserWanted = new(
        "other-user-wanted",
        "P8",
        Severity.Refusal,
        "The request asks for another user than the one who signed in.",
        "Sign out and sign in as the user whom the application asks for.",
        "saml-core-2.0 §3.4.1"
    );

    public static readonly FindingKind AlreadyAnswered = new(
        "request-already-answered",
        "P7",
        Severity.Refusal,
        "This request has been answered before.",
        "The user reloaded or went back; starting again from the application makes a new request.",
        "saml-core-2.0 §1.3.4"
    );

    public static readonly FindingKind EncryptionKeyUnusable = new(
        "encryption-key-unusable",
        "I7",
        Severity.Refusal,
        "Assertions are to be encrypted, and no certificate of the application can be encrypted to.",
        "Read the application's metadata again, or enter an RSA certificate for encryption on its page.",
        "saml-core-2.0 §2.3.4"
    );

    public static readonly FindingKind AttributeTooCostly = new(
        "attribute-too-costly",
        "I4",
        Severity.Refusal,
        "An expression makes more of this user's data than one answer may hold.",
        "Simplify the expression of this attribute on the application's page.",
        "saml-core-2.0 §2.7.3"
    );

    public static readonly FindingKind CharactersUnwritable = new(
        "characters-not-xml",
        "I4",
        Severity.Refusal,
        "The user's data holds a character that XML cannot carry.",
        "Look for control characters in the attributes sent to this application and remove them.",
        "xml-1.0 §2.2"
    );
}
