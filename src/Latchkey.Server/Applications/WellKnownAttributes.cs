using Latchkey.Saml.Metadata;

namespace Latchkey.Server.Applications;

/// <summary>
/// Which of our sources is meant by the attribute names that service providers ask for: LDAP's short names, their
/// OIDs as URNs (saml-profiles-2.0 §8.2), the claim URIs of Microsoft, and the plain words of everybody else.
/// </summary>
internal static class WellKnownAttributes
{
    private const string Groups = "groups";
    private const string Oid = "urn:oid:";
    private const string Claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    private const string MicrosoftClaims =
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/";

    // Compared after Fold: lower case, without separators.
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        [Oid + "0.9.2342.19200300.100.1.3"] = "email",
        [Oid + "1.2.840.113549.1.9.1"] = "email",
        [Claims + "emailaddress"] = "email",
        ["mail"] = "email",
        ["email"] = "email",
        ["emailaddress"] = "email",
        ["useremail"] = "email",
        [Oid + "1.3.6.1.4.1.5923.1.1.1.6"] = "email",
        ["edupersonprincipalname"] = "email",
        ["eppn"] = "email",
        [Claims + "upn"] = "email",
        [Oid + "0.9.2342.19200300.100.1.1"] = "username",
        [Claims + "name"] = "username",
        ["uid"] = "username",
        ["user"] = "username",
        ["username"] = "username",
        ["login"] = "username",
        ["samaccountname"] = "username",
        [Oid + "2.5.4.42"] = "firstname",
        [Claims + "givenname"] = "firstname",
        ["givenname"] = "firstname",
        ["firstname"] = "firstname",
        ["fname"] = "firstname",
        [Oid + "2.5.4.4"] = "lastname",
        [Claims + "surname"] = "lastname",
        ["sn"] = "lastname",
        ["surname"] = "lastname",
        ["lastname"] = "lastname",
        ["familyname"] = "lastname",
        ["lname"] = "lastname",
        [Oid + "2.5.4.3"] = "displayname",
        [Oid + "2.16.840.1.113730.3.1.241"] = "displayname",
        ["cn"] = "displayname",
        ["commonname"] = "displayname",
        ["displayname"] = "displayname",
        ["fullname"] = "displayname",
        ["name"] = "displayname",
        [Oid + "2.5.4.10"] = "company",
        ["o"] = "company",
        ["company"] = "company",
        ["organization"] = "company",
        [Oid + "2.5.4.11"] = "department",
        ["ou"] = "department",
        ["department"] = "department",
        [Oid + "2.5.4.12"] = "jobtitle",
        ["title"] = "jobtitle",
        ["jobtitle"] = "jobtitle",
        [Oid + "2.5.4.7"] = "location",
        ["l"] = "location",
        ["location"] = "location",
        [Oid + "2.16.840.1.113730.3.1.3"] = "employeeidentifier",
        ["employeenumber"] = "employeeidentifier",
        ["employeeid"] = "employeeidentifier",
        [Oid + "2.16.840.1.113730.3.1.4"] = "employeetype",
        ["employeetype"] = "employeetype",
        [Oid + "0.9.2342.19200300.100.1.10"] = "manager",
        ["manager"] = "manager",
        ["costcenter"] = "costcenter",
        [Oid + "1.3.6.1.4.1.5923.1.5.1.1"] = Groups,
        [MicrosoftClaims + "groups"] = Groups,
        [MicrosoftClaims + "role"] = Groups,
        ["ismemberof"] = Groups,
        ["memberof"] = Groups,
        ["groups"] = Groups,
        ["group"] = Groups,
        ["roles"] = Groups,
        ["role"] = Groups,
    };

    /// <summary>The row that answers a request; null when nobody can know what is meant.</summary>
    public static AttributeMapping? RowFor(RequestedAttribute requested)
    {
        var source = SourceOf(requested.Name) ?? SourceOf(requested.FriendlyName);
        return source switch
        {
            null => null,
            Groups => new AttributeMapping(
                requested.Name,
                AttributeKind.Groups,
                null,
                requested.NameFormat
            ),
            _ => new AttributeMapping(
                requested.Name,
                AttributeKind.User,
                source,
                requested.NameFormat
            ),
        };
    }

    private static string? SourceOf(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }
        return Sources.GetValueOrDefault(name) ?? Sources.GetValueOrDefault(Fold(name));
    }

    /// <summary>Given_Name, given-name and "Given Name" mean givenName; URIs are folded in case alone.</summary>
    private static string Fold(string name) =>
        string.Concat(
            name.ToLowerInvariant()
                .Where(c =>
                    name.Contains(':', StringComparison.Ordinal)
                    || c is not ('_' or '-' or ' ' or '.')
                )
        );
}
