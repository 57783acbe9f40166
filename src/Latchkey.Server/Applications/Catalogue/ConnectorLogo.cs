using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// A logo's outline. SVG is a document that can hold scripts, so nothing of a file is used but the data of its one
/// path, and that only if it is made of drawing commands and numbers.
/// </summary>
internal static partial class ConnectorLogo
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The path's data; null if the file holds none that can be used.</summary>
    public static string? Path(byte[] svg)
    {
        if (svg.Length > MaxLength)
        {
            return null;
        }
        var match = OnePath().Match(Encoding.UTF8.GetString(svg));
        return match.Success ? match.Groups["data"].Value : null;
    }

    [GeneratedRegex(
        "viewBox=\"0 0 24 24\"[^<]*>\\s*(?:<title>[^<]*</title>)?\\s*<path d=\"(?<data>[MmLlHhVvCcSsQqTtAaZz0-9 ,.eE+-]+)\"\\s*/>\\s*</svg>\\s*$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex OnePath();
}
