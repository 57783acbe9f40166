using System.Globalization;
using System.Text;

namespace Latchkey.Cli.Saml;

/// <summary>Texts from strangers, made harmless for a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text with everything that a terminal would obey, or that deceives the eye, as <c>\u{…}</c>.</summary>
    public static string Show(string text)
    {
        StringBuilder? shown = null;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // Half a surrogate pair is enumerated as U+FFFD and is one character long, like it.
            if (IsHidden(rune))
            {
                shown ??= new StringBuilder(text.Length + 16).Append(text, 0, at);
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
            else
            {
                shown?.Append(rune.ToString());
            }
            at += rune.Utf16SequenceLength;
        }
        return shown?.ToString() ?? text;
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;
}
