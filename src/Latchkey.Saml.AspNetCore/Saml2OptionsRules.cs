using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <summary>What a configuration must fulfil. Each complaint names its key.</summary>
internal static class Saml2OptionsRules
{
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(5);

    public static void Check(Saml2Options options, string scheme)
    {
        var complaints = Complaints(options, scheme).ToList();
        if (complaints.Count > 0)
        {
            throw new OptionsValidationException(scheme, typeof(Saml2Options), complaints);
        }
    }

    public static OptionsValidationException Wrong(string scheme, string key, string complaint) =>
        new(scheme, typeof(Saml2Options), [Sentence(scheme, key, complaint)]);

    private static string Sentence(string scheme, string key, string complaint) =>
        $"Authentication:Schemes:{scheme}:{key} {complaint}";

    private static IEnumerable<string> Complaints(Saml2Options options, string scheme)
    {
        string Say(string key, string complaint) => Sentence(scheme, key, complaint);

        if (string.IsNullOrEmpty(options.EntityId))
        {
            yield return Say(
                nameof(options.EntityId),
                "is missing. It is the name that the identity provider knows this application by; an address of its own is usual."
            );
        }
        else if (options.EntityId.Length > 1024)
        {
            yield return Say(
                nameof(options.EntityId),
                "is longer than the 1024 characters that SAML allows."
            );
        }

        if (options.IdentityProviderSource is null)
        {
            yield return Say(
                nameof(options.IdpMetadata),
                $"is missing. Set it to the address, the file or the XML of the identity provider's metadata; or set {nameof(options.IdpEntityId)}, {nameof(options.IdpSingleSignOnUrl)} and {nameof(options.IdpCertificates)}."
            );
        }

        if (
            options.IdpSingleSignOnUrl is { Length: > 0 } singleSignOn
            && !IsWebAddress(singleSignOn)
        )
        {
            yield return Say(
                nameof(options.IdpSingleSignOnUrl),
                $"is '{singleSignOn}'; it has to be an https address, or http on loopback."
            );
        }

        if (
            options.IdpSingleLogoutUrl is { Length: > 0 } singleLogout
            && !IsWebAddress(singleLogout)
        )
        {
            yield return Say(
                nameof(options.IdpSingleLogoutUrl),
                $"is '{singleLogout}'; it has to be an https address, or http on loopback."
            );
        }

        if (options.PublicOrigin is { } origin && !IsOrigin(origin))
        {
            yield return Say(
                nameof(options.PublicOrigin),
                $"is '{origin}'; it has to be like https://app.example.com, without a path."
            );
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > LargestSkew)
        {
            yield return Say(
                nameof(options.ClockSkew),
                $"is {options.ClockSkew:c}; between 00:00:00 and {LargestSkew:c} are allowed. Set the clocks instead."
            );
        }

        if (options.RemoteAuthenticationTimeout <= TimeSpan.Zero)
        {
            yield return Say(
                nameof(options.RemoteAuthenticationTimeout),
                "has to be longer than nothing."
            );
        }

        if (options.MetadataRefreshInterval <= TimeSpan.Zero)
        {
            yield return Say(
                nameof(options.MetadataRefreshInterval),
                "has to be longer than nothing."
            );
        }
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (
            address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        )
        && address.UserInfo.Length == 0
        && address.Fragment.Length == 0;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && string.Equals(
            address.GetLeftPart(UriPartial.Authority),
            text,
            StringComparison.OrdinalIgnoreCase
        )
        && address.UserInfo.Length == 0;
}
