namespace Latchkey.Saml.AspNetCore;

/// <summary>Claim types that the framework has no name for.</summary>
public static class Saml2ClaimTypes
{
    /// <summary>A group of the user. It is the identity's role claim type too, so <c>[Authorize(Roles = "Engineering")]</c> works.</summary>
    public const string Group = "groups";

    /// <summary>The session at the identity provider (saml-core-2.0 §2.7.2).</summary>
    public const string SessionIndex = "saml2:session_index";

    /// <summary>How the user proved who they are (saml-core-2.0 §2.7.2.2).</summary>
    public const string AuthnContextClassRef = "saml2:authn_context";
}

/// <summary>Keys in <see cref="System.Security.Claims.Claim.Properties"/> of the NameIdentifier claim. Together with the claim's issuer they make the account key: an identifier is unique only within them (saml-core-2.0 §2.2.2).</summary>
public static class Saml2ClaimProperties
{
    /// <summary>The NameID's format.</summary>
    public const string Format = "saml2:format";

    /// <summary>The NameID's NameQualifier.</summary>
    public const string NameQualifier = "saml2:name_qualifier";

    /// <summary>The NameID's SPNameQualifier.</summary>
    public const string SpNameQualifier = "saml2:sp_name_qualifier";
}
