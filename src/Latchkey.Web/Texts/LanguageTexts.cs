using System.Collections.Frozen;
using System.Globalization;

namespace Latchkey.Web.Texts;

/// <summary>The texts of one language; what it lacks is taken from English.</summary>
internal sealed class LanguageTexts : ITexts
{
    private readonly ITexts catalogue;
    private readonly FrozenDictionary<string, string> texts;
    private readonly bool missingKeyThrows;

    /// <summary>English, behind which there is nothing.</summary>
    public LanguageTexts(
        ITexts catalogue,
        CultureInfo language,
        IReadOnlyDictionary<string, string> texts,
        bool missingKeyThrows
    )
    {
        (this.catalogue, Language, this.missingKeyThrows) = (catalogue, language, missingKeyThrows);
        this.texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Another language. Its singulars are its own: one that English has and this one lacks is no gap.</summary>
    public LanguageTexts(
        ITexts catalogue,
        CultureInfo language,
        IReadOnlyDictionary<string, string> texts,
        LanguageTexts english
    )
    {
        (this.catalogue, Language, missingKeyThrows) = (
            catalogue,
            language,
            english.missingKeyThrows
        );
        this.texts = english
            .texts.Where(text =>
                !text.Key.EndsWith(One, StringComparison.Ordinal)
                || !texts.ContainsKey(text.Key[..^One.Length])
            )
            .Concat(texts)
            .DistinctBy(text => text.Key)
            .ToDictionary(text => text.Key, text => texts.GetValueOrDefault(text.Key, text.Value))
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The end of a singular's key.</summary>
    public const string One = ".one";

    public CultureInfo Language { get; }

    public IReadOnlyList<CultureInfo> Languages => catalogue.Languages;

    public IReadOnlyCollection<string> Keys => texts.Keys;

    public string this[string key, params object?[] args]
    {
        get
        {
            var text = Find(key, args);
            return args.Length == 0 ? text : string.Format(Language, text, args);
        }
    }

    public bool Has(string key) => texts.ContainsKey(key);

    public ITexts In(CultureInfo language) => catalogue.In(language);

    private string Find(string key, object?[] args)
    {
        if (args is [1 or 1L, ..] && texts.TryGetValue(key + One, out var singular))
        {
            return singular;
        }
        if (texts.TryGetValue(key, out var text))
        {
            return text;
        }
        return missingKeyThrows
            ? throw new KeyNotFoundException($"There is no text with the key {key}.")
            : key;
    }
}
