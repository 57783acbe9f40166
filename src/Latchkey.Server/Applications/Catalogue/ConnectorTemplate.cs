using System.Text.RegularExpressions;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>A text with <c>{variables}</c> in it.</summary>
internal static partial class ConnectorTemplate
{
    /// <summary>The variables a template needs, in their order, each once. Copy tokens in double braces are none.</summary>
    public static IReadOnlyList<string> Variables(string template) =>
        [
            .. Variable()
                .Matches(template)
                .Select(match => match.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The template with its values; null while one of them is missing.</summary>
    public static string? Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var missing = false;
        var filled = Variable()
            .Replace(
                template,
                match =>
                {
                    if (
                        values.TryGetValue(match.Groups["name"].Value, out var value)
                        && value.Length > 0
                    )
                    {
                        return value;
                    }
                    missing = true;
                    return match.Value;
                }
            );
        return missing ? null : filled;
    }

    [GeneratedRegex(
        @"(?<!\{)\{(?<name>[a-z][a-z0-9_]*)\}(?!\})",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Variable();
}
