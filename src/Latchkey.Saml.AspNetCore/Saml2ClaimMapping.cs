using System.Security.Claims;

namespace Latchkey.Saml.AspNetCore;

/// <summary>One row: an attribute of the assertion that becomes a claim.</summary>
/// <param name="Attribute">The attribute's Name, compared exactly.</param>
/// <param name="ClaimType">The claim type.</param>
/// <param name="Required">Whether a sign-in without a value for <paramref name="ClaimType"/> is refused, naming the attribute, rather than let into an application that then sends the user round in circles.</param>
public sealed record Saml2ClaimMapping(string Attribute, string ClaimType, bool Required = false)
{
    /// <summary>The rows a new <see cref="Saml2Options"/> starts with: the usual names of e-mail address, name, given name, surname and groups.</summary>
    public static IReadOnlyList<Saml2ClaimMapping> Defaults { get; } =
    [
        new("email", ClaimTypes.Email),
        new("mail", ClaimTypes.Email),
        new("urn:oid:0.9.2342.19200300.100.1.3", ClaimTypes.Email),
        new(ClaimTypes.Email, ClaimTypes.Email),
        new("name", ClaimTypes.Name),
        new("displayName", ClaimTypes.Name),
        new("urn:oid:2.16.840.1.113730.3.1.241", ClaimTypes.Name),
        new(ClaimTypes.Name, ClaimTypes.Name),
        new("firstname", ClaimTypes.GivenName),
        new("givenName", ClaimTypes.GivenName),
        new("urn:oid:2.5.4.42", ClaimTypes.GivenName),
        new(ClaimTypes.GivenName, ClaimTypes.GivenName),
        new("lastname", ClaimTypes.Surname),
        new("sn", ClaimTypes.Surname),
        new("urn:oid:2.5.4.4", ClaimTypes.Surname),
        new(ClaimTypes.Surname, ClaimTypes.Surname),
        new("groups", Saml2ClaimTypes.Group),
        new("memberOf", Saml2ClaimTypes.Group),
        new("http://schemas.xmlsoap.org/claims/Group", Saml2ClaimTypes.Group),
    ];
}
