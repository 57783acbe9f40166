using System.Collections.Frozen;
using System.Globalization;

namespace Latchkey.Web.Texts;

/// <summary>The texts of all languages; answers in the one that is spoken where it is asked.</summary>
internal sealed class TextCatalogue : ITexts
{
    private readonly FrozenDictionary<string, LanguageTexts> languages;
    private readonly LanguageTexts english;

    /// <param name="files">The texts of each language, by its tag (BCP 47).</param>
    /// <param name="missingKeyThrows">Whether a key that nobody wrote is a fault, or shown as it is.</param>
    public TextCatalogue(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> files,
        bool missingKeyThrows
    )
    {
        Languages =
        [
            LanguageTags.English,
            .. files
                .Keys.Where(tag => tag != LanguageTags.English.Name)
                .Order(StringComparer.Ordinal)
                .Select(CultureInfo.GetCultureInfo),
        ];
        english = new LanguageTexts(
            this,
            LanguageTags.English,
            files[LanguageTags.English.Name],
            missingKeyThrows
        );
        languages = Languages.ToFrozenDictionary(
            culture => culture.Name,
            culture =>
                culture.Equals(LanguageTags.English)
                    ? english
                    : new LanguageTexts(this, culture, files[culture.Name], english),
            StringComparer.Ordinal
        );
    }

    public IReadOnlyCollection<string> Keys => english.Keys;

    public IReadOnlyList<CultureInfo> Languages { get; }

    public CultureInfo Language => Spoken.Language;

    private LanguageTexts Spoken => Of(CultureInfo.CurrentUICulture);

    public string this[string key, params object?[] args] => Spoken[key, args];

    public bool Has(string key) => english.Has(key);

    public ITexts In(CultureInfo language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return Of(language);
    }

    /// <summary>German for somebody in Austria too; English for whom there is nothing.</summary>
    private LanguageTexts Of(CultureInfo culture)
    {
        while (culture.Name.Length > 0)
        {
            if (languages.TryGetValue(culture.Name, out var texts))
            {
                return texts;
            }
            culture = culture.Parent;
        }
        return english;
    }
}
