namespace Latchkey.Web.Texts;

/// <summary>Every text a page shows, by key. Pages have it as <c>T</c>.</summary>
public interface ITexts
{
    /// <summary>
    /// The text of a key with its placeholders <c>{0}</c>, <c>{1}</c> filled. If the first value is the number 1 and the
    /// key has a singular (<c>key.one</c>), that is taken.
    /// </summary>
    string this[string key, params object?[] args] { get; }

    /// <summary>Whether a key has a text.</summary>
    bool Has(string key);

    /// <summary>Every key.</summary>
    IReadOnlyCollection<string> Keys { get; }
}
