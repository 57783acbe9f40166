namespace Latchkey.Saml.AspNetCore;

/// <summary>Where a browser may be sent after a sign-in: a path of this application and nothing else (rule P9).</summary>
internal static class LocalAddress
{
    /// <summary>The path for an address that is a path or has this application's origin; null for any other.</summary>
    public static string? ToPath(string? address, string origin)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        if (
            address.StartsWith(origin, StringComparison.OrdinalIgnoreCase)
            && address.Length > origin.Length
            && address[origin.Length] == '/'
        )
        {
            address = address[origin.Length..];
        }

        return IsPath(address) ? address : null;
    }

    // "//host" and "/\host" name another host, and browsers drop tabs and line ends before they look.
    private static bool IsPath(string address) =>
        address[0] == '/'
        && (address.Length == 1 || address[1] is not ('/' or '\\'))
        && !address.Any(char.IsControl);
}
