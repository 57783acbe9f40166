using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Text of a stranger, made fit for one line of a log or for a key (rule O1).</summary>
internal static class LogText
{
    private const int MaximumLength = 400;

    public static string Of(IEnumerable<Finding> findings) =>
        string.Join(" | ", findings.Select(f => Of(f.ToString())));

    public static string Of(string text)
    {
        var shortened = text.Length <= MaximumLength ? text : text[..MaximumLength] + "…";
        return shortened.Any(char.IsControl)
            ? string.Concat(
                shortened.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())
            )
            : shortened;
    }

    /// <summary>A key of fixed length for any parts; the separator cannot occur in XML.</summary>
    public static string Key(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
}
