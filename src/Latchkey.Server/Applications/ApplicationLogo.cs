namespace Latchkey.Server.Applications;

/// <summary>
/// Logos are kept only as data: URIs of a raster picture. An address would tell a stranger's server who opens the
/// portal and when, and SVG is a document with a scripting language of its own.
/// </summary>
internal static class ApplicationLogo
{
    private static readonly string[] Prefixes =
    [
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:image/gif;base64,",
        "data:image/webp;base64,",
    ];

    public static bool IsAllowed(string logo)
    {
        var prefix = Array.Find(Prefixes, p => logo.StartsWith(p, StringComparison.Ordinal));
        return prefix is not null && System.Buffers.Text.Base64.IsValid(logo.AsSpan(prefix.Length));
    }
}
