using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Saml.AspNetCore.Pending;

/// <summary>A sign-in under way: which request was sent to whom, and where the answer has to arrive (rule P1).</summary>
internal sealed record PendingRequest(
    string RequestId,
    string IdentityProvider,
    string AssertionConsumerServiceUrl,
    DateTimeOffset SentAt,
    bool ForceAuthn
)
{
    private const string IdKey = ".saml2.request";
    private const string IdentityProviderKey = ".saml2.request.idp";
    private const string AcsKey = ".saml2.request.acs";
    private const string SentAtKey = ".saml2.request.sent";
    private const string ForceAuthnKey = ".saml2.request.force";

    public void Write(AuthenticationProperties properties)
    {
        properties.Items[IdKey] = RequestId;
        properties.Items[IdentityProviderKey] = IdentityProvider;
        properties.Items[AcsKey] = AssertionConsumerServiceUrl;
        properties.Items[SentAtKey] = SentAt.ToString("O", CultureInfo.InvariantCulture);
        properties.Items[ForceAuthnKey] = ForceAuthn ? "1" : "0";
    }

    /// <summary>Takes the request out of the properties that were kept for it; what remains is the application's.</summary>
    public static PendingRequest? Take(AuthenticationProperties properties)
    {
        if (
            !properties.Items.Remove(IdKey, out var id)
            || !properties.Items.Remove(IdentityProviderKey, out var identityProvider)
            || !properties.Items.Remove(AcsKey, out var acs)
            || !properties.Items.Remove(SentAtKey, out var sentAt)
            || !properties.Items.Remove(ForceAuthnKey, out var force)
            || !DateTimeOffset.TryParseExact(
                sentAt,
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var sent
            )
        )
        {
            return null;
        }

        return new(id!, identityProvider!, acs!, sent, force == "1");
    }
}
