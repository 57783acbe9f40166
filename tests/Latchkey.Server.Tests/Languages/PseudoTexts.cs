using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Languages;

/// <summary>
/// A language that nobody speaks: every text in brackets ⟦…⟧, its letters accented, two fifths longer, its values left
/// alone. What a page shows outside of the brackets was never a text, or is data.
/// </summary>
internal sealed partial class PseudoTexts(ITexts english) : ITexts
{
    private const string Plain = "aceinosuyzAEIOU";
    private const string Accented = "áçéíñóšúýžÀÉÎÖÛ";

    public string this[string key, params object?[] args] =>
        args.Length == 0
            ? Of(english[key])
            : string.Format(CultureInfo.InvariantCulture, Of(Raw(key, args)), args);

    public IReadOnlyCollection<string> Keys => english.Keys;

    public IReadOnlyList<CultureInfo> Languages { get; } = [LanguageTags.English];

    public CultureInfo Language => LanguageTags.English;

    public bool Has(string key) => english.Has(key);

    public ITexts In(CultureInfo language) => this;

    /// <summary>A text in the language.</summary>
    public static string Of(string text)
    {
        var said = new StringBuilder("⟦");
        var end = 0;
        foreach (var kept in Kept().Matches(text).Cast<Match>())
        {
            Accent(text[end..kept.Index], said);
            said.Append(kept.Value);
            end = kept.Index + kept.Length;
        }
        Accent(text[end..], said);
        return said.Append(' ').Append('~', (text.Length * 2 / 5) + 1).Append('⟧').ToString();
    }

    /// <summary>What stands outside of all brackets; texts stand in texts too.</summary>
    public static string Outside(string said)
    {
        for (var before = ""; before != said; )
        {
            (before, said) = (said, Bracketed().Replace(said, ""));
        }
        return said.Trim();
    }

    private string Raw(string key, object?[] args) =>
        args is [1 or 1L, ..] && english.Has(key + ".one") ? english[key + ".one"] : english[key];

    private static void Accent(string text, StringBuilder said)
    {
        foreach (var letter in text)
        {
            var at = Plain.IndexOf(letter, StringComparison.Ordinal);
            said.Append(at < 0 ? letter : Accented[at]);
        }
    }

    [GeneratedRegex("⟦[^⟦⟧]*⟧", RegexOptions.None, 1000)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Kept();
}
