using System.Security.Claims;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Makes claims of a verified assertion by the rows of <see cref="Saml2Options.ClaimMappings"/>.</summary>
internal static class PrincipalFactory
{
    public static ClaimsPrincipal Create(
        VerifiedAssertion assertion,
        Saml2Options options,
        string scheme
    )
    {
        var identity = new ClaimsIdentity(scheme, options.NameClaimType, options.RoleClaimType);
        if (assertion.NameId is { } nameId)
        {
            identity.AddClaim(NameIdentifier(nameId, assertion.Issuer));
        }

        foreach (var attribute in assertion.Attributes)
        {
            AddAttribute(identity, attribute, assertion.Issuer, options);
        }

        if (
            identity.Name is null
            && assertion.NameId is { Format: not NameIdFormats.Transient } name
        )
        {
            identity.AddClaim(NewClaim(options.NameClaimType, name.Value, assertion.Issuer));
        }

        AddOptional(identity, Saml2ClaimTypes.SessionIndex, assertion.SessionIndex, assertion);
        AddOptional(
            identity,
            Saml2ClaimTypes.AuthnContextClassRef,
            assertion.AuthnContextClassRef,
            assertion
        );
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The rows' attributes for claim types that stayed empty: the first name of each type.</summary>
    public static IEnumerable<Saml2ClaimMapping> Missing(
        VerifiedAssertion assertion,
        Saml2Options options
    )
    {
        var present = assertion
            .Attributes.Where(a => a.Values.Count > 0)
            .Select(a => a.Name)
            .ToHashSet(StringComparer.Ordinal);
        return options
            .ClaimMappings.GroupBy(row => row.ClaimType, StringComparer.Ordinal)
            .Where(rows => !rows.Any(row => present.Contains(row.Attribute)))
            .Select(rows => rows.FirstOrDefault(row => row.Required) ?? rows.First());
    }

    private static void AddAttribute(
        ClaimsIdentity identity,
        SamlAttribute attribute,
        string issuer,
        Saml2Options options
    )
    {
        var mapped = false;
        foreach (var row in options.ClaimMappings)
        {
            if (row.Attribute == attribute.Name)
            {
                mapped = true;
                AddValues(identity, row.ClaimType, attribute.Values, issuer);
            }
        }

        if (!mapped && options.KeepUnmappedAttributes && !IsOurs(attribute.Name))
        {
            AddValues(identity, attribute.Name, attribute.Values, issuer);
        }
    }

    // An attribute must not pass for a fact that the assertion states elsewhere.
    private static bool IsOurs(string name) =>
        name
            is ClaimTypes.NameIdentifier
                or Saml2ClaimTypes.SessionIndex
                or Saml2ClaimTypes.AuthnContextClassRef;

    private static void AddValues(
        ClaimsIdentity identity,
        string type,
        IEnumerable<string> values,
        string issuer
    )
    {
        foreach (var value in values)
        {
            if (!identity.HasClaim(type, value))
            {
                identity.AddClaim(NewClaim(type, value, issuer));
            }
        }
    }

    private static Claim NameIdentifier(NameId nameId, string issuer)
    {
        var claim = NewClaim(ClaimTypes.NameIdentifier, nameId.Value, issuer);
        AddProperty(claim, Saml2ClaimProperties.Format, nameId.Format);
        AddProperty(claim, Saml2ClaimProperties.NameQualifier, nameId.NameQualifier);
        AddProperty(claim, Saml2ClaimProperties.SpNameQualifier, nameId.SpNameQualifier);
        return claim;
    }

    private static void AddProperty(Claim claim, string key, string? value)
    {
        if (value is not null)
        {
            claim.Properties[key] = value;
        }
    }

    private static void AddOptional(
        ClaimsIdentity identity,
        string type,
        string? value,
        VerifiedAssertion assertion
    )
    {
        if (value is not null)
        {
            identity.AddClaim(NewClaim(type, value, assertion.Issuer));
        }
    }

    private static Claim NewClaim(string type, string value, string issuer) =>
        new(type, value, ClaimValueTypes.String, issuer);
}
