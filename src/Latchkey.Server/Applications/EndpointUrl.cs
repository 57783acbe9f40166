using System.Net;
using Latchkey.Saml.Metadata;

namespace Latchkey.Server.Applications;

/// <summary>
/// Rule I3: where a Response or a user may be sent. https, or http to this very machine; no other scheme, no
/// credentials, no fragment. The text is only looked at, never rewritten: query strings, +, ! and ports stay as
/// they are, because service providers compare them exactly (K-02).
/// </summary>
internal static class EndpointUrl
{
    public const int MaxLength = 2048;

    /// <summary>What is wrong with the address, as a problem code, or null.</summary>
    public static string? Fault(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            return "url-empty";
        }
        if (url.Length > MaxLength)
        {
            return "url-too-long";
        }
        // System.Uri would quietly trim, unescape or reinterpret these, and browsers differ in what they make of them.
        if (url.AsSpan().ContainsAny(Unwanted) || url.Any(c => c is <= ' ' or '\u007f'))
        {
            return "url-characters";
        }
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || !url.Contains("://", StringComparison.Ordinal)
        )
        {
            return url.Contains(':', StringComparison.Ordinal) ? "url-scheme" : "url-not-absolute";
        }
        if (uri.Scheme is not ("https" or "http"))
        {
            return "url-scheme";
        }
        if (uri.Host.Length == 0)
        {
            return "url-not-absolute";
        }
        if (uri.UserInfo.Length > 0 || Authority(url).Contains('@', StringComparison.Ordinal))
        {
            return "url-credentials";
        }
        if (url.Contains('#', StringComparison.Ordinal))
        {
            return "url-fragment";
        }
        if (uri.Scheme == "http" && !IsLoopback(uri))
        {
            return "url-not-https";
        }
        // The last word is the core's, which asks the same question whenever a message is sent.
        return EndpointAddress.IsAllowed(url) ? null : "url-not-absolute";
    }

    /// <summary>Whether the address names this machine itself, by literal address or as localhost.</summary>
    public static bool IsLoopback(Uri uri) =>
        IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? IPAddress.IsLoopback(address)
            : uri.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || uri.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static readonly System.Buffers.SearchValues<char> Unwanted =
        System.Buffers.SearchValues.Create("\\<>\"^`{|}");

    private static string Authority(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? url[start..] : url.Substring(start, end);
    }
}
