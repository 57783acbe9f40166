using System.Text;
using System.Text.Json;
using Latchkey.Server.Api.Declaration;

namespace Latchkey.Server.Api.Calls;

/// <summary>Reads a call's JSON into the tree that files are read into, so that one set of readers, rules and sentences holds for both.</summary>
internal static class JsonNodes
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = YamlReader.MaxDepth };

    /// <param name="json">UTF-8.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static Node? Read(ReadOnlySpan<byte> json, DeclarationProblems problems)
    {
        var reader = new Utf8JsonReader(json, s_options);
        try
        {
            if (!reader.Read())
            {
                problems.Add(0, "api-body-not-json", 1, 1);
                return null;
            }
            var root = Value(ref reader, problems);
            // Throws if something follows.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            problems.Add(
                0,
                "api-body-not-json",
                (e.LineNumber ?? 0) + 1,
                (e.BytePositionInLine ?? 0) + 1
            );
            return null;
        }
        catch (InvalidOperationException)
        {
            // A text with half a character in it.
            problems.Add(0, "api-body-not-json", 1, 1);
            return null;
        }
    }

    private static Node Value(ref Utf8JsonReader reader, DeclarationProblems problems)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Map(ref reader, problems);
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, problems));
                }
                return new ListNode(0, items);
            case JsonTokenType.Null:
                return new TextNode(0, null, Empties: true);
            case JsonTokenType.String:
                return new TextNode(0, reader.GetString());
            default:
                return new TextNode(0, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static MapNode Map(ref Utf8JsonReader reader, DeclarationProblems problems)
    {
        var entries = new List<NodeEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            var value = Value(ref reader, problems);
            if (seen.Add(key))
            {
                entries.Add(new NodeEntry(0, key, value));
            }
            else
            {
                problems.Add(0, "declaration-key-twice", key);
            }
        }
        return new MapNode(0, entries);
    }
}
