using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Api.Declaration;

/// <summary>One mapping of a file or of a call's body, read key by key. What was not asked for when it ends is unknown, and a problem.</summary>
internal sealed class Section
{
    private readonly Dictionary<string, NodeEntry> _entries;
    private readonly List<string> _asked = [];
    private readonly string _name;
    private readonly string _path;
    private readonly DeclarationProblems _problems;

    private Section(MapNode map, string name, string path, DeclarationProblems problems)
    {
        Line = map.Line;
        _entries = map.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _name = name;
        _path = path;
        _problems = problems;
    }

    public int Line { get; }

    /// <param name="node">What stands there.</param>
    /// <param name="name">What it is, for people: "user".</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="path">The fields that lead to it: <c>name_id</c> or <c>attributes[1]</c>; empty for the whole.</param>
    public static Section? Of(
        Node node,
        string name,
        DeclarationProblems problems,
        string path = ""
    )
    {
        if (node is MapNode map)
        {
            return new Section(map, name, path, problems);
        }
        problems.Add(node.Line, new Problem("declaration-not-mapping", path, name));
        return null;
    }

    /// <summary>The line of a key, or of the section where it does not say it.</summary>
    public int LineOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Line : Line;

    /// <summary>The lines of all keys, for problems that are found later.</summary>
    public IReadOnlyDictionary<string, int> Lines =>
        _entries.ToDictionary(e => e.Key, e => e.Value.Line, StringComparer.Ordinal);

    /// <summary>Says what is wrong with a key.</summary>
    public void Add(string key, string code, params object[] args) =>
        Add(LineOf(key), key, code, args);

    /// <summary>Whether the key is there to say that there is to be nothing.</summary>
    public bool Empties(string key) => Find(key) is TextNode { Empties: true };

    /// <summary>Whether a mapping stands under the key.</summary>
    public bool IsMap(string key) => Find(key) is MapNode;

    /// <summary>A text; empty where the key says that there is to be none.</summary>
    public string? Text(string key)
    {
        switch (Find(key))
        {
            case TextNode { Empties: true }:
                return "";
            case null or TextNode { Value: null }:
                return null;
            case TextNode text:
                return text.Value;
            case var other:
                Add(other.Line, key, "declaration-not-text", key);
                return null;
        }
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string key)
    {
        var text = Text(key);
        if (string.IsNullOrEmpty(text))
        {
            Add(key, "declaration-key-missing", _name, key);
        }
        return text ?? "";
    }

    public bool? Flag(string key)
    {
        var text = Text(key);
        if (text is not (null or "true" or "false"))
        {
            Add(key, "declaration-not-flag", key, text);
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
        Add(key, "declaration-not-number", key, text);
        return null;
    }

    /// <summary>A moment, in UTC where it names no zone, and as finely as it is kept: to the microsecond.</summary>
    public DateTimeOffset? Time(string key)
    {
        if (Text(key) is not { Length: > 0 } text)
        {
            return null;
        }
        if (
            DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
        )
        {
            return Instants.FromMicroseconds(Instants.ToMicroseconds(at));
        }
        Add(key, "api-not-time", key, text);
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
        Add(key, "declaration-not-word", key, text, string.Join(", ", known));
        return null;
    }

    public IReadOnlyList<string>? Texts(string key) =>
        Items(key)
            ?.Select(
                (item, i) =>
                {
                    if (item is TextNode { Value: { Length: > 0 } text })
                    {
                        return text;
                    }
                    Add(item.Line, $"{key}[{i}]", "declaration-not-text", key);
                    return null;
                }
            )
            .OfType<string>()
            .ToList();

    /// <summary>The mapping under a key.</summary>
    public Section? Map(string key) =>
        Find(key) is { } node and not TextNode { Value: null, Empties: false }
            ? Of(node, key, _problems, Path(key))
            : null;

    /// <summary>The list of mappings under a key; null if the key is not there.</summary>
    public IReadOnlyList<Section>? Sections(string key, string itemName) =>
        Items(key)
            ?.Select((item, i) => Of(item, itemName, _problems, Path($"{key}[{i}]")))
            .OfType<Section>()
            .ToList();

    /// <summary>A mapping whose keys are the author's own: each with one text or several.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? Open(string key)
    {
        if (Empties(key))
        {
            return [];
        }
        if (Map(key) is not { } section)
        {
            return null;
        }
        return
        [
            .. section._entries.Keys.Select(name => new KeyValuePair<string, IReadOnlyList<string>>(
                name,
                section._entries[name].Value is ListNode ? section.Texts(name) ?? []
                    : section.Text(name) is { } text ? [text]
                    : []
            )),
        ];
    }

    /// <summary>Keys that may stand there and say nothing.</summary>
    public void Skip(params IEnumerable<string> keys) => _asked.AddRange(keys);

    /// <summary>Says which keys nobody knows.</summary>
    public void End()
    {
        foreach (var entry in _entries.Values.Where(e => !_asked.Contains(e.Key)))
        {
            var nearest = _asked.MinBy(known => EditDistance.Between(known, entry.Key))!;
            Add(entry.Line, entry.Key, "declaration-key-unknown", _name, entry.Key, nearest);
        }
    }

    private IReadOnlyList<Node>? Items(string key)
    {
        switch (Find(key))
        {
            case TextNode { Empties: true }:
                return [];
            case null or TextNode { Value: null }:
                return null;
            case ListNode list:
                return list.Items;
            case var other:
                Add(other.Line, key, "declaration-not-list", key);
                return null;
        }
    }

    private Node? Find(string key)
    {
        _asked.Add(key);
        return _entries.GetValueOrDefault(key)?.Value;
    }

    private void Add(int line, string key, string code, params object[] args) =>
        _problems.Add(line, new Problem(code, Path(key), args));

    private string Path(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}

internal delegate bool TryParse<T>(string? text, out T value);
