using System.Net;

namespace Latchkey.Saml.Metadata;

/// <summary>Which addresses messages may be sent to (rule I3). Asked at import and again at use.</summary>
public static class EndpointAddress
{
    /// <summary>Whether the address is absolute, https (http on loopback, for development), without user name and fragment.</summary>
    public static bool IsAllowed(string? location) =>
        location is not null
        // What parsers and browsers trim, drop or turn around is refused, so that all see the same address.
        && !location.AsSpan().ContainsAnyInRange('\0', ' ')
        && !location.Contains('\\', StringComparison.Ordinal)
        && !location.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(location, UriKind.Absolute, out Uri? uri)
        && uri.UserInfo.Length == 0
        && !Authority(location).Contains('@')
        && (
            uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri))
        );

    // "https://@host" has a user name too, an empty one.
    private static ReadOnlySpan<char> Authority(string location)
    {
        ReadOnlySpan<char> rest = location
            .AsSpan(location.IndexOf(':', StringComparison.Ordinal) + 1)
            .TrimStart('/');
        int end = rest.IndexOfAny('/', '?');
        return end < 0 ? rest : rest[..end];
    }

    private static bool IsLoopback(Uri uri) =>
        IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? address)
            ? IPAddress.IsLoopback(address)
            : uri.Host == "localhost" || uri.Host.EndsWith(".localhost", StringComparison.Ordinal);
}
