using System.Text.RegularExpressions;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>The patterns of connectors, each for a whole value. They run in linear time, whatever their author wrote.</summary>
internal static class ConnectorPattern
{
    /// <summary>Whether the pattern takes the whole value.</summary>
    /// <exception cref="ArgumentException">It is no pattern.</exception>
    /// <exception cref="NotSupportedException">It cannot run in linear time.</exception>
    public static bool Matches(string pattern, string value) =>
        IsMatch(pattern, value)
        // $ would let a last line break pass.
        && !value.Any(char.IsControl);

    /// <summary>Why a text is no pattern, in the framework's words; null if it is one.</summary>
    public static string? Fault(string pattern)
    {
        try
        {
            IsMatch(pattern, "");
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private static bool IsMatch(string pattern, string value) =>
        Regex.IsMatch(
            value,
            $"^(?:{pattern})$",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
}
