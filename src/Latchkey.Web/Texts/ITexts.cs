using System.Globalization;

namespace Latchkey.Web.Texts;

/// <summary>
/// Every text a page shows, by key, in the language of <see cref="CultureInfo.CurrentUICulture"/>; what a language lacks is
/// said in English. Pages have it as <c>T</c>.
/// </summary>
public interface ITexts
{
    /// <summary>
    /// The text of a key with its placeholders <c>{0}</c>, <c>{1}</c> filled, numbers and dates as the language writes them.
    /// If the first value is the number 1 and the key has a singular (<c>key.one</c>), that is taken.
    /// </summary>
    string this[string key, params object?[] args] { get; }

    /// <summary>Whether a key has a text.</summary>
    bool Has(string key);

    /// <summary>Every key.</summary>
    IReadOnlyCollection<string> Keys { get; }

    /// <summary>The languages there are, English first.</summary>
    IReadOnlyList<CultureInfo> Languages { get; }

    /// <summary>The one of <see cref="Languages"/> that is spoken now.</summary>
    CultureInfo Language { get; }

    /// <summary>The same texts in one language, whatever is spoken now: for what is written to somebody, or kept.</summary>
    ITexts In(CultureInfo language);
}
