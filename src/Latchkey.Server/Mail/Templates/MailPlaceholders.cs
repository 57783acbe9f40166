using System.Text.RegularExpressions;

namespace Latchkey.Server.Mail.Templates;

/// <summary>Names in braces. Their values are text: put into HTML they are encoded, put into a subject they stay on its line.</summary>
internal static partial class MailPlaceholders
{
    /// <summary>The names that stand in a text.</summary>
    public static IEnumerable<string> In(string text) =>
        Placeholder().Matches(text).Select(match => match.Groups["name"].Value);

    /// <summary>The text with its values; a value is not looked into again.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder()
            .Replace(
                text,
                match => values.GetValueOrDefault(match.Groups["name"].Value, match.Value)
            );

    [GeneratedRegex(
        @"\{(?<name>[a-z_]{1,40})\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Placeholder();
}
