using System.Text.RegularExpressions;

namespace Latchkey.Server.Tests.Languages;

/// <summary>Each folder's texts say the same in every language.</summary>
public sealed partial class TranslationTests
{
    /// <summary>What is the same in German: names, and words that both languages have.</summary>
    private static readonly HashSet<string> s_same = new(StringComparer.Ordinal)
    {
        "{0} · Latchkey",
        "ACS URL",
        "ACS URL {0}",
        "ACS URLs",
        "Ada Lovelace",
        "ada",
        "Administrator",
        "Audience",
        "AuthnContextClassRef",
        "Base64",
        "Binding",
        "Browser",
        "Cloud",
        "Code",
        "Details",
        "Format",
        "Host",
        "JIT Provisioning",
        "Latchkey",
        "Link",
        "Login URL",
        "Logo",
        "Logout URL",
        "Logout URLs",
        "Name",
        "NameID",
        "optional",
        "Passkey",
        "Passkeys",
        "Petrol",
        "Port",
        "Portal",
        "Problem",
        "Region",
        "Rotation",
        "Server",
        "SessionNotOnOrAfter",
        "Start",
        "Support",
        "System",
        "Test",
        "Text",
        "Token",
        "Websites",
        "Wiki",
    };

    private static readonly IReadOnlyList<TextFolder> s_german = TextFolder.Of("de");

    [Fact]
    public void Every_folder_is_looked_at() => s_german.Count.ShouldBeGreaterThan(15);

    [Fact]
    public void What_is_said_in_English_is_said_in_German() =>
        Found(folder => folder.English.Keys.Except(folder.Other.Keys)).ShouldBeEmpty();

    [Fact]
    public void And_nothing_else_is() =>
        Found(folder => folder.Other.Keys.Except(folder.English.Keys)).ShouldBeEmpty();

    [Fact]
    public void A_translation_has_the_values_of_its_text() =>
        Found(folder =>
                Both(folder)
                    .Where(key => !Values(folder.English[key]).SetEquals(Values(folder.Other[key])))
            )
            .ShouldBeEmpty();

    [Fact]
    public void No_translation_is_empty_or_left_in_English() =>
        Found(folder =>
                Both(folder)
                    .Where(key =>
                        folder.Other[key] is var text
                        && (
                            string.IsNullOrWhiteSpace(text)
                            || (
                                text == folder.English[key]
                                && Word().IsMatch(text)
                                && !s_same.Contains(text)
                            )
                        )
                    )
            )
            .ShouldBeEmpty();

    [Fact]
    public void Nobody_is_called_du() =>
        Found(folder => folder.Other.Where(text => Du().IsMatch(text.Value)).Select(t => t.Key))
            .ShouldBeEmpty();

    private static IEnumerable<string> Both(TextFolder folder) =>
        folder.English.Keys.Where(folder.Other.ContainsKey);

    private static List<string> Found(Func<TextFolder, IEnumerable<string>> wrong) =>
        [.. s_german.SelectMany(folder => wrong(folder).Select(key => $"{folder.Name}: {key}"))];

    /// <summary>The placeholders, however a language writes a date in them.</summary>
    private static HashSet<string> Values(string text) =>
        [.. Placeholder().Matches(text).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"\{(?<name>[a-z0-9_]+)[^{}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    /// <summary>What is no abbreviation.</summary>
    [GeneratedRegex("[a-z]{3}", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(
        @"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(e[nmrs]?)?|[Ee]uch|[Ee]ure?)\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Du();
}
