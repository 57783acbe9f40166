using System.Text.RegularExpressions;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>The <c>{{tokens}}</c> of a guide that stand for this organisation's values.</summary>
internal static partial class CopyTokens
{
    public static IReadOnlyList<string> All { get; } =
    [
        "sso_url",
        "entity_id",
        "metadata_url",
        "certificate",
        "certificate_pem",
        "certificate_base64",
        "certificate_base64_of_pem",
        "certificate_sha1",
        "certificate_sha256",
        "portal_url",
        "sp_entity_id",
        "acs_url",
        "name_id_format",
    ];

    /// <summary>The tokens of a text, each once.</summary>
    public static IReadOnlyList<string> In(string text) =>
        [
            .. Token()
                .Matches(text)
                .Select(match => match.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal),
        ];

    public static string Replace(string text, Func<string, string> value) =>
        Token().Replace(text, match => value(match.Groups["name"].Value));

    [GeneratedRegex(@"\{\{(?<name>[a-z0-9_]+)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
