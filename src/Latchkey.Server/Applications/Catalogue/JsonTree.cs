using System.Text.Json;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>A piece of a JSON file and the line it begins on.</summary>
internal abstract record JsonPiece(int Line);

internal sealed record JsonText(int Line, string Value) : JsonPiece(Line);

internal sealed record JsonFlag(int Line, bool Value) : JsonPiece(Line);

/// <summary>A number or null, which no connector has.</summary>
internal sealed record JsonOther(int Line) : JsonPiece(Line);

internal sealed record JsonList(int Line, IReadOnlyList<JsonPiece> Items) : JsonPiece(Line);

internal sealed record JsonMap(int Line, IReadOnlyList<JsonEntry> Entries) : JsonPiece(Line);

internal sealed record JsonEntry(int Line, string Key, JsonPiece Value);

/// <summary>Reads JSON into a tree that knows its lines, which System.Text.Json's own documents do not.</summary>
internal ref struct JsonTree
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _countedTo;
    private int _line = 1;

    private JsonTree(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The whole file as one piece.</summary>
    /// <exception cref="JsonException">The bytes are not JSON; it knows the line, from zero.</exception>
    public static JsonPiece Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }
        var tree = new JsonTree(bytes);
        tree._reader.Read();
        var root = tree.Piece();
        // Anything behind the end makes the reader throw.
        tree._reader.Read();
        return root;
    }

    private JsonPiece Piece()
    {
        var line = Line();
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return new JsonText(line, _reader.GetString()!);
            case JsonTokenType.True or JsonTokenType.False:
                return new JsonFlag(line, _reader.GetBoolean());
            case JsonTokenType.StartArray:
                var items = new List<JsonPiece>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Piece());
                }
                return new JsonList(line, items);
            case JsonTokenType.StartObject:
                var entries = new List<JsonEntry>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var (key, at) = (_reader.GetString()!, Line());
                    _reader.Read();
                    entries.Add(new JsonEntry(at, key, Piece()));
                }
                return new JsonMap(line, entries);
            default:
                return new JsonOther(line);
        }
    }

    private int Line()
    {
        var at = (int)_reader.TokenStartIndex;
        _line += _bytes[_countedTo..at].Count((byte)'\n');
        _countedTo = at;
        return _line;
    }
}
