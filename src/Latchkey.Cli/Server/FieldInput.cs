using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Latchkey.Cli.Server;

/// <summary>The fields of a call, out of a file (YAML or JSON, which is YAML too) and <c>--set</c>.</summary>
internal static class FieldInput
{
    /// <exception cref="CallFailedException">The file is no mapping, or an assignment has no name.</exception>
    public static async Task<JsonObject> ReadAsync(
        FileInfo? file,
        IEnumerable<string> assignments,
        CancellationToken cancellationToken
    )
    {
        var fields = file is null
            ? []
            : Parse(file, await File.ReadAllTextAsync(file.FullName, cancellationToken));
        foreach (var assignment in assignments)
        {
            var at = assignment.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new CallFailedException(
                    $"--set {assignment}: expected NAME=VALUE, such as name_id.format=persistent."
                );
            }
            Set(fields, assignment[..at].Split('.'), Value(assignment[(at + 1)..]));
        }
        return fields;
    }

    private static void Set(JsonObject fields, string[] path, JsonNode? value)
    {
        foreach (var part in path[..^1])
        {
            if (fields[part] is not JsonObject below)
            {
                fields[part] = below = [];
            }
            fields = below;
        }
        fields[path[^1]] = value;
    }

    /// <summary>JSON where it is JSON (true, 300, ["a"], null), a text otherwise.</summary>
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static JsonObject Parse(FileInfo file, string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return Node(parser) as JsonObject
                ?? throw new CallFailedException(
                    $"{file}: expected the fields as keys and values."
                );
        }
        catch (YamlException e)
        {
            throw new CallFailedException($"{file}:{e.Start.Line}: {e.Message}");
        }
    }

    private static JsonNode? Node(Parser parser)
    {
        if (parser.TryConsume<MappingStart>(out _))
        {
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                map[parser.Consume<Scalar>().Value] = Node(parser);
            }
            return map;
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(parser));
            }
            return list;
        }
        // Flags and numbers may be sent as texts; null is the one word that says something else than its letters.
        var scalar = parser.Consume<Scalar>();
        return scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null"
            ? null
            : JsonValue.Create(scalar.Value);
    }
}
