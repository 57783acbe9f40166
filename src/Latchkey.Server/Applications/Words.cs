using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Server.Applications;

/// <summary>The words that files, forms and events use for the values of an enumeration, the most common first.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] entries)
    where T : struct, Enum
{
    public IReadOnlyList<string> All { get; } = [.. entries.Select(entry => entry.Word)];

    public string Of(T value)
    {
        foreach (var entry in entries)
        {
            if (EqualityComparer<T>.Default.Equals(entry.Value, value))
            {
                return entry.Word;
            }
        }
        throw new ArgumentOutOfRangeException(nameof(value), value, null);
    }

    public bool TryParse(string? text, out T value)
    {
        foreach (var entry in entries)
        {
            if (entry.Word == text)
            {
                value = entry.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The value of a word that somebody chose from a list; null where it is none of the list.</summary>
    public T? Parse(string? text) => TryParse(text, out var value) ? value : null;
}

/// <summary>Short words for URIs that are stored whole. Other URIs are taken as they are.</summary>
internal sealed class UriWords(params (string Word, string Uri)[] entries)
{
    /// <summary>The words, the most common first.</summary>
    public IReadOnlyList<string> All { get; } = [.. entries.Select(entry => entry.Word)];

    /// <summary>The URIs in the same order.</summary>
    public IReadOnlyList<string> Uris { get; } = [.. entries.Select(entry => entry.Uri)];

    /// <summary>The word for a URI, or the URI itself.</summary>
    public string Of(string uri) =>
        entries.Where(entry => entry.Uri == uri).Select(entry => entry.Word).FirstOrDefault()
        ?? uri;

    /// <summary>The URI of a word, or the text itself when it is a URI already.</summary>
    public bool TryParse(string? text, [NotNullWhen(true)] out string? uri)
    {
        uri =
            entries.Where(entry => entry.Word == text).Select(entry => entry.Uri).FirstOrDefault()
            ?? (Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null);
        return uri is not null;
    }
}
