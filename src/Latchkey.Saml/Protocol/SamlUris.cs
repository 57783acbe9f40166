namespace Latchkey.Saml.Protocol;

/// <summary>NameID formats (saml-core-2.0 §8.3).</summary>
public static class NameIdFormats
{
    /// <summary>Left to the parties.</summary>
    public const string Unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

    /// <summary>An e-mail address.</summary>
    public const string EmailAddress = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

    /// <summary>A lasting pseudonym, different for each service provider.</summary>
    public const string Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

    /// <summary>A one-time identifier.</summary>
    public const string Transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

    /// <summary>The identifier of a SAML entity.</summary>
    public const string Entity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
}

/// <summary>Attribute name formats (saml-core-2.0 §8.2).</summary>
public static class AttributeNameFormats
{
    /// <summary>Left to the parties.</summary>
    public const string Unspecified = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";

    /// <summary>A simple name.</summary>
    public const string Basic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";

    /// <summary>A URI.</summary>
    public const string Uri = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
}

/// <summary>Bindings (saml-bindings-2.0 §3).</summary>
public static class SamlBindings
{
    /// <summary>HTTP-Redirect.</summary>
    public const string Redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

    /// <summary>HTTP-POST.</summary>
    public const string Post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

    /// <summary>HTTP-Artifact.</summary>
    public const string Artifact = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact";

    /// <summary>HTTP-POST-SimpleSign, known only to be named in a refusal.</summary>
    public const string PostSimpleSign =
        "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign";

    /// <summary>SOAP.</summary>
    public const string Soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";
}

/// <summary>Status codes (saml-core-2.0 §3.2.2.2).</summary>
public static class StatusCodes
{
    /// <summary>The request succeeded.</summary>
    public const string Success = "urn:oasis:names:tc:SAML:2.0:status:Success";

    /// <summary>The requester is at fault.</summary>
    public const string Requester = "urn:oasis:names:tc:SAML:2.0:status:Requester";

    /// <summary>The responder is at fault.</summary>
    public const string Responder = "urn:oasis:names:tc:SAML:2.0:status:Responder";

    /// <summary>The request names another version than 2.0.</summary>
    public const string VersionMismatch = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch";

    /// <summary>The person could not be authenticated.</summary>
    public const string AuthnFailed = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";

    /// <summary>The NameIDPolicy cannot be met.</summary>
    public const string InvalidNameIdPolicy =
        "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy";

    /// <summary>The requested authentication context cannot be met.</summary>
    public const string NoAuthnContext = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext";

    /// <summary>The person cannot be authenticated without being asked.</summary>
    public const string NoPassive = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";

    /// <summary>The request is understood and refused.</summary>
    public const string RequestDenied = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied";

    /// <summary>The request is not supported.</summary>
    public const string RequestUnsupported =
        "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported";

    /// <summary>Not every participant of the session could be logged out.</summary>
    public const string PartialLogout = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";

    /// <summary>Nobody is known by the name that the request uses.</summary>
    public const string UnknownPrincipal = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal";

    /// <summary>None of the identity providers that the request names is supported.</summary>
    public const string NoSupportedIdp = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP";

    /// <summary>The binding that the request names is not supported.</summary>
    public const string UnsupportedBinding =
        "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding";
}

/// <summary>Authentication context classes (saml-authn-context-2.0 §3.4).</summary>
public static class AuthnContextClasses
{
    /// <summary>Left unsaid.</summary>
    public const string Unspecified = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

    /// <summary>A password.</summary>
    public const string Password = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";

    /// <summary>A password over a protected channel.</summary>
    public const string PasswordProtectedTransport =
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
}

/// <summary>Why a session ends (saml-core-2.0 §3.7.1).</summary>
public static class LogoutReasons
{
    /// <summary>The person wants it.</summary>
    public const string User = "urn:oasis:names:tc:SAML:2.0:logout:user";

    /// <summary>An administrator wants it.</summary>
    public const string Admin = "urn:oasis:names:tc:SAML:2.0:logout:admin";
}

/// <summary>Names of attributes that mean the same everywhere.</summary>
public static class AttributeNames
{
    /// <summary>A lasting identifier, the same for every service provider (saml-subject-id-attr-v1.0 §3.3).</summary>
    public const string SubjectId = "urn:oasis:names:tc:SAML:attribute:subject-id";

    /// <summary>A lasting identifier, different for each service provider (saml-subject-id-attr-v1.0 §3.4).</summary>
    public const string PairwiseId = "urn:oasis:names:tc:SAML:attribute:pairwise-id";

    /// <summary>The ways of authenticating that were really used, one value each, such as pwd and otp of RFC 8176.</summary>
    public const string AuthenticationMethods =
        "http://schemas.microsoft.com/claims/authnmethodsreferences";
}
