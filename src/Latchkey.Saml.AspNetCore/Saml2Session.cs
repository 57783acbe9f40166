using System.Globalization;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Saml.AspNetCore;

/// <summary>The session at the identity provider that a sign-in belongs to, kept beside the principal in <see cref="AuthenticationProperties"/>.</summary>
/// <param name="IdentityProvider">The identity provider's entity ID.</param>
/// <param name="NameId">Who is signed in, exactly as the assertion said; null when it named nobody.</param>
/// <param name="SessionIndex">The session's name at the identity provider, if said.</param>
/// <param name="AuthnInstant">When the user proved who they are.</param>
public sealed record Saml2Session(
    string IdentityProvider,
    NameId? NameId,
    string? SessionIndex,
    DateTimeOffset AuthnInstant
)
{
    private const string IdentityProviderKey = "saml2:idp";
    private const string ValueKey = "saml2:name_id";
    private const string FormatKey = "saml2:name_id.format";
    private const string NameQualifierKey = "saml2:name_id.name_qualifier";
    private const string SpNameQualifierKey = "saml2:name_id.sp_name_qualifier";
    private const string SessionIndexKey = "saml2:session_index";
    private const string AuthnInstantKey = "saml2:authn_instant";

    /// <summary>Reads the session that a sign-in left; null when the sign-in was of another kind.</summary>
    /// <param name="properties">From <c>AuthenticateAsync</c> of the scheme that holds the sign-in.</param>
    public static Saml2Session? Read(AuthenticationProperties? properties)
    {
        if (
            properties?.GetString(IdentityProviderKey) is not { } issuer
            || !DateTimeOffset.TryParseExact(
                properties.GetString(AuthnInstantKey),
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var authnInstant
            )
        )
        {
            return null;
        }

        var nameId = properties.GetString(ValueKey) is { } value
            ? new NameId(
                value,
                properties.GetString(FormatKey),
                properties.GetString(NameQualifierKey),
                properties.GetString(SpNameQualifierKey)
            )
            : null;
        return new(issuer, nameId, properties.GetString(SessionIndexKey), authnInstant);
    }

    internal static void Write(AuthenticationProperties properties, VerifiedAssertion assertion)
    {
        properties.SetString(IdentityProviderKey, assertion.Issuer);
        properties.SetString(ValueKey, assertion.NameId?.Value);
        properties.SetString(FormatKey, assertion.NameId?.Format);
        properties.SetString(NameQualifierKey, assertion.NameId?.NameQualifier);
        properties.SetString(SpNameQualifierKey, assertion.NameId?.SpNameQualifier);
        properties.SetString(SessionIndexKey, assertion.SessionIndex);
        properties.SetString(
            AuthnInstantKey,
            assertion.AuthnInstant.ToString("O", CultureInfo.InvariantCulture)
        );
    }
}
