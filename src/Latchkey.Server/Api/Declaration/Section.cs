using System.Globalization;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Api.Declaration;

/// <summary>One mapping of the file, read key by key. What was not asked for when it ends is unknown, and a problem.</summary>
internal sealed class Section
{
    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly List<string> _asked = [];
    private readonly string _name;
    private readonly DeclarationProblems _problems;

    private Section(YamlMap map, string name, DeclarationProblems problems)
    {
        Line = map.Line;
        _entries = map.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _name = name;
        _problems = problems;
    }

    public int Line { get; }

    public static Section? Of(YamlNode node, string name, DeclarationProblems problems)
    {
        if (node is YamlMap map)
        {
            return new Section(map, name, problems);
        }
        problems.Add(node.Line, "declaration-not-mapping", name);
        return null;
    }

    /// <summary>The line of a key, or of the section where it does not say it.</summary>
    public int LineOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Line : Line;

    /// <summary>The lines of all keys, for problems that are found later.</summary>
    public IReadOnlyDictionary<string, int> Lines =>
        _entries.ToDictionary(e => e.Key, e => e.Value.Line, StringComparer.Ordinal);

    public string? Text(string key)
    {
        switch (Find(key))
        {
            case null or YamlText { Value: null }:
                return null;
            case YamlText text:
                return text.Value;
            case var other:
                _problems.Add(other.Line, "declaration-not-text", key);
                return null;
        }
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string key)
    {
        var text = Text(key);
        if (string.IsNullOrEmpty(text))
        {
            _problems.Add(LineOf(key), "declaration-key-missing", _name, key);
        }
        return text ?? "";
    }

    public bool? Flag(string key)
    {
        var text = Text(key);
        if (text is not (null or "true" or "false"))
        {
            _problems.Add(LineOf(key), "declaration-not-flag", key, text);
        }
        return text is null ? null : text == "true";
    }

    /// <summary>A whole number.</summary>
    public int? Number(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        _problems.Add(LineOf(key), "declaration-not-number", key, text);
        return null;
    }

    /// <summary>A word out of a few.</summary>
    public T? Word<T>(string key, TryParse<T> parse, IEnumerable<string> known)
        where T : struct
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (parse(text, out var value))
        {
            return value;
        }
        _problems.Add(LineOf(key), "declaration-not-word", key, text, string.Join(", ", known));
        return null;
    }

    public IReadOnlyList<string>? Texts(string key) =>
        Items(key)
            ?.Select(item =>
            {
                if (item is YamlText { Value: { Length: > 0 } text })
                {
                    return text;
                }
                _problems.Add(item.Line, "declaration-not-text", key);
                return null;
            })
            .OfType<string>()
            .ToList();

    /// <summary>The mapping under a key.</summary>
    public Section? Map(string key) =>
        Find(key) is { } node and not YamlText { Value: null } ? Of(node, key, _problems) : null;

    /// <summary>The list of mappings under a key; null if the key is not there.</summary>
    public IReadOnlyList<Section>? Sections(string key, string itemName) =>
        Items(key)?.Select(item => Of(item, itemName, _problems)).OfType<Section>().ToList();

    /// <summary>A mapping whose keys are the author's own: each with one text or several.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? Open(string key)
    {
        if (Map(key) is not { } section)
        {
            return null;
        }
        return
        [
            .. section._entries.Keys.Select(name => new KeyValuePair<string, IReadOnlyList<string>>(
                name,
                section._entries[name].Value is YamlList ? section.Texts(name) ?? []
                    : section.Text(name) is { } text ? [text]
                    : []
            )),
        ];
    }

    /// <summary>Says which keys nobody knows.</summary>
    public void End()
    {
        foreach (var entry in _entries.Values.Where(e => !_asked.Contains(e.Key)))
        {
            var nearest = _asked.MinBy(known => EditDistance.Between(known, entry.Key))!;
            _problems.Add(entry.Line, "declaration-key-unknown", _name, entry.Key, nearest);
        }
    }

    private IReadOnlyList<YamlNode>? Items(string key)
    {
        switch (Find(key))
        {
            case null or YamlText { Value: null }:
                return null;
            case YamlList list:
                return list.Items;
            case var other:
                _problems.Add(other.Line, "declaration-not-list", key);
                return null;
        }
    }

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        return _entries.GetValueOrDefault(key)?.Value;
    }
}

internal delegate bool TryParse<T>(string? text, out T value);
