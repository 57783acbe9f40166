using System.Globalization;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Saml.AspNetCore.Pending;

/// <summary>A sign-out under way at the identity provider: which request waits for an answer.</summary>
internal sealed record PendingLogout(
    string RequestId,
    string IdentityProvider,
    DateTimeOffset SentAt
)
{
    private const string IdKey = ".saml2.logout";
    private const string IdentityProviderKey = ".saml2.logout.idp";
    private const string SentAtKey = ".saml2.logout.sent";

    public void Write(AuthenticationProperties properties)
    {
        properties.Items[IdKey] = RequestId;
        properties.Items[IdentityProviderKey] = IdentityProvider;
        properties.Items[SentAtKey] = SentAt.ToString("O", CultureInfo.InvariantCulture);
    }

    /// <summary>Takes it out of the properties that were kept for it; what remains is the application's.</summary>
    public static PendingLogout? Take(AuthenticationProperties properties) =>
        properties.Items.Remove(IdKey, out var id)
        && properties.Items.Remove(IdentityProviderKey, out var identityProvider)
        && properties.Items.Remove(SentAtKey, out var sentAt)
        && DateTimeOffset.TryParseExact(
            sentAt,
            "O",
            CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind,
            out var sent
        )
            ? new(id!, identityProvider!, sent)
            : null;
}

/// <summary>
/// A LogoutRequest that was verified and has to be carried out by a request of its own: a form that another site posted
/// brings no SameSite=Lax cookie, and the sign-in that has to end is in one.
/// </summary>
internal sealed record AcceptedLogout(
    string RequestId,
    NameId NameId,
    IReadOnlyList<string> SessionIndexes,
    string? RelayState,
    DateTimeOffset AcceptedAt,
    bool Asynchronous
)
{
    private const string RequestKey = ".saml2.accepted";
    private const string AcceptedAtKey = ".saml2.accepted.at";
    private const string ValueKey = ".saml2.accepted.name_id";
    private const string FormatKey = ".saml2.accepted.format";
    private const string NameQualifierKey = ".saml2.accepted.name_qualifier";
    private const string SpNameQualifierKey = ".saml2.accepted.sp_name_qualifier";
    private const string RelayStateKey = ".saml2.accepted.relay_state";
    private const string AsynchronousKey = ".saml2.accepted.asynchronous";
    private const string IndexKey = ".saml2.accepted.index.";

    public AuthenticationProperties ToProperties()
    {
        var properties = new AuthenticationProperties();
        properties.SetString(RequestKey, RequestId);
        properties.SetString(AcceptedAtKey, AcceptedAt.ToString("O", CultureInfo.InvariantCulture));
        properties.SetString(ValueKey, NameId.Value);
        properties.SetString(FormatKey, NameId.Format);
        properties.SetString(NameQualifierKey, NameId.NameQualifier);
        properties.SetString(SpNameQualifierKey, NameId.SpNameQualifier);
        properties.SetString(RelayStateKey, RelayState);
        properties.SetString(AsynchronousKey, Asynchronous ? "1" : null);
        for (var i = 0; i < SessionIndexes.Count; i++)
        {
            properties.SetString(
                IndexKey + i.ToString(CultureInfo.InvariantCulture),
                SessionIndexes[i]
            );
        }

        return properties;
    }

    public static AcceptedLogout? From(AuthenticationProperties? properties)
    {
        if (
            properties?.GetString(RequestKey) is not { } id
            || properties.GetString(ValueKey) is not { } value
            || !DateTimeOffset.TryParseExact(
                properties.GetString(AcceptedAtKey),
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var acceptedAt
            )
        )
        {
            return null;
        }

        var indexes = new List<string>();
        while (
            properties.GetString(IndexKey + indexes.Count.ToString(CultureInfo.InvariantCulture))
                is { } index
        )
        {
            indexes.Add(index);
        }

        return new(
            id,
            new NameId(
                value,
                properties.GetString(FormatKey),
                properties.GetString(NameQualifierKey),
                properties.GetString(SpNameQualifierKey)
            ),
            indexes,
            properties.GetString(RelayStateKey),
            acceptedAt,
            properties.GetString(AsynchronousKey) is not null
        );
    }
}
