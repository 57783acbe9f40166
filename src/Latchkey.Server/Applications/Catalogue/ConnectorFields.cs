using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>Something wrong in a connector's file.</summary>
/// <param name="File">Its name, without the folder.</param>
/// <param name="Line">From 1, or <see cref="Whole"/>.</param>
internal sealed record ConnectorProblem(string File, int Line, Problem Problem)
{
    /// <summary>No line is at fault, but the file or the folder as such.</summary>
    public const int Whole = 0;
}

/// <summary>Everything wrong in one file, in the order of its lines.</summary>
internal sealed class ConnectorProblems(string file)
{
    private readonly List<ConnectorProblem> _problems = [];

    public IReadOnlyList<ConnectorProblem> All => [.. _problems.OrderBy(p => p.Line)];

    public bool Any => _problems.Count > 0;

    public void Add(int line, Problem problem) =>
        _problems.Add(new ConnectorProblem(file, line, problem));
}

/// <summary>One object of a connector's file, read key by key. What was not asked for when it ends is unknown, and a problem.</summary>
internal sealed class ConnectorFields
{
    private readonly JsonMap _map;
    private readonly string _where;
    private readonly ConnectorProblems _problems;
    private readonly List<string> _asked = [];

    private ConnectorFields(JsonMap map, string where, ConnectorProblems problems)
    {
        _map = map;
        _where = where;
        _problems = problems;
        foreach (
            var twice in map
                .Entries.GroupBy(e => e.Key, StringComparer.Ordinal)
                .SelectMany(same => same.Skip(1))
        )
        {
            problems.Add(twice.Line, new Problem("connector-key-twice", where, where, twice.Key));
        }
    }

    public int Line => _map.Line;

    /// <param name="piece">What stands in the file.</param>
    /// <param name="where">The path to it: "the file" or <c>variables[0]</c>.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static ConnectorFields? Of(JsonPiece piece, string where, ConnectorProblems problems)
    {
        if (piece is JsonMap map)
        {
            return new ConnectorFields(map, where, problems);
        }
        problems.Add(piece.Line, new Problem("connector-not-object", where, where));
        return null;
    }

    public int LineOf(string key) => Find(key)?.Line ?? Line;

    public string? Text(string key) => Read(key) is { } piece ? AsText(piece, key) : null;

    /// <summary>A text that must be there.</summary>
    public string Required(string key)
    {
        var text = Text(key);
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(key, new Problem("connector-key-missing", key, _where, key));
        }
        return text ?? "";
    }

    public bool Flag(string key, bool otherwise = false)
    {
        switch (Read(key))
        {
            case null:
                return otherwise;
            case JsonFlag flag:
                return flag.Value;
            default:
                Add(key, new Problem("connector-not-flag", key, key));
                return otherwise;
        }
    }

    public bool? OptionalFlag(string key) => Find(key) is null ? Skip(key) : Flag(key);

    /// <summary>One of a closed list of words.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words, T otherwise)
    {
        if (Read(key) is not { } piece || AsText(piece, key) is not { } text)
        {
            return otherwise;
        }
        if (words.TryGetValue(text, out var value))
        {
            return value;
        }
        var nearest = words.Keys.MinBy(word => EditDistance.Between(word, text))!;
        Add(
            key,
            new Problem(
                "connector-not-word",
                key,
                key,
                text,
                nearest,
                string.Join(", ", words.Keys)
            )
        );
        return otherwise;
    }

    public DateOnly Date(string key)
    {
        var text = Required(key);
        if (
            DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
        )
        {
            return date;
        }
        if (text.Length > 0)
        {
            Add(key, new Problem("connector-not-date", key, key, text));
        }
        return default;
    }

    public IReadOnlyList<string> Texts(string key) =>
        [.. Items(key).Select(item => AsText(item, key)).OfType<string>()];

    /// <summary>The object under a key; null, and a problem if it must be there.</summary>
    public ConnectorFields? Object(string key, bool required = false)
    {
        if (Read(key) is { } piece)
        {
            return Of(piece, key, _problems);
        }
        if (required)
        {
            Add(key, new Problem("connector-key-missing", key, _where, key));
        }
        return null;
    }

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<ConnectorFields> Objects(string key) =>
        [
            .. Items(key)
                .Select((item, i) => Of(item, $"{key}[{i}]", _problems))
                .OfType<ConnectorFields>(),
        ];

    /// <summary>Says what is wrong with a key, at its line.</summary>
    public void Add(string key, Problem problem) => _problems.Add(LineOf(key), problem);

    /// <summary>Says which keys nobody knows.</summary>
    public void End()
    {
        foreach (var entry in _map.Entries.Where(e => !_asked.Contains(e.Key)))
        {
            var nearest = _asked.MinBy(known => EditDistance.Between(known, entry.Key))!;
            _problems.Add(
                entry.Line,
                new Problem("connector-key-unknown", entry.Key, _where, entry.Key, nearest)
            );
        }
    }

    private bool? Skip(string key)
    {
        _asked.Add(key);
        return null;
    }

    private string? AsText(JsonPiece piece, string key)
    {
        if (piece is JsonText text)
        {
            return text.Value;
        }
        _problems.Add(piece.Line, new Problem("connector-not-text", key, key));
        return null;
    }

    private IReadOnlyList<JsonPiece> Items(string key)
    {
        switch (Read(key))
        {
            case null:
                return [];
            case JsonList list:
                return list.Items;
            default:
                Add(key, new Problem("connector-not-list", key, key));
                return [];
        }
    }

    private JsonPiece? Read(string key)
    {
        _asked.Add(key);
        return Find(key)?.Value;
    }

    private JsonEntry? Find(string key) => _map.Entries.FirstOrDefault(e => e.Key == key);
}
