using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>
/// Logos are kept only as data: URIs of a PNG that this server wrote. An address would tell a stranger's server who
/// opens the portal and when, SVG is a document with a scripting language of its own, and what else a picture file
/// carries (places, names, other files behind it) is nobody's business.
/// </summary>
internal static class ApplicationLogo
{
    /// <summary>What may be sent, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>What begins every logo that is kept.</summary>
    public const string Kept = "data:image/png;base64,";

    private static readonly string[] s_sent =
    [
        Kept,
        "data:image/jpeg;base64,",
        "data:image/gif;base64,",
        "data:image/webp;base64,",
    ];

    /// <summary>Makes a logo of a file.</summary>
    public static Outcome<string> FromFile(byte[] file)
    {
        if (file.Length > MaxBytes)
        {
            return new Problem("logo-too-large", "logo", MaxBytes / 1024);
        }
        var made = LogoPicture.ToPng(file);
        return made.Ok
            ? Kept + Convert.ToBase64String(made.Value)
            : Outcome<string>.Failed(made.Problems);
    }

    /// <summary>Makes a logo of a data: URI. What it says of its type is not believed, but must be one of those that may be.</summary>
    public static Outcome<string> FromDataUri(string uri)
    {
        var prefix = Array.Find(s_sent, p => uri.StartsWith(p, StringComparison.Ordinal));
        if (
            prefix is null
            || !System.Buffers.Text.Base64.IsValid(uri.AsSpan(prefix.Length), out var length)
        )
        {
            return new Problem("logo-not-data", "logo");
        }
        return length > MaxBytes
            ? new Problem("logo-too-large", "logo", MaxBytes / 1024)
            : FromFile(Convert.FromBase64String(uri[prefix.Length..]));
    }
}
