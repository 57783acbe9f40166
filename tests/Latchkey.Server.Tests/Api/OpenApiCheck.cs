using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Server.Tests.Api;

/// <summary>Holds answers to what the OpenAPI document says of them. Stricter than a schema: a field that is not named must not be there.</summary>
internal static class OpenApiCheck
{
    public static async Task<JsonElement> DocumentAsync(HttpClient client, CancellationToken ct) =>
        await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", ct);

    public static void Answer(
        JsonElement document,
        string method,
        string path,
        HttpResponseMessage answer,
        string body
    )
    {
        var operation = Find(document, method, "/api/v1" + path.Split('?')[0]);
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        operation
            .GetProperty("responses")
            .TryGetProperty(status, out var response)
            .ShouldBeTrue($"{method} {path} answered {status}: {body}");
        if (!response.TryGetProperty("content", out var content))
        {
            body.ShouldBeEmpty();
            return;
        }
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        content.TryGetProperty(type, out var media).ShouldBeTrue($"{method} {path}: {type}");
        if (media.TryGetProperty("schema", out var schema))
        {
            Check(document, schema, JsonSerializer.Deserialize<JsonElement>(body), path);
        }
    }

    private static JsonElement Find(JsonElement document, string method, string path)
    {
        var sought = path.Split('/');
        var found = document
            .GetProperty("paths")
            .EnumerateObject()
            .Where(p =>
                p.Name.Split('/') is var template
                && template.Length == sought.Length
                && template.Zip(sought).All(s => s.First.StartsWith('{') || s.First == s.Second)
            )
            .OrderBy(p => p.Name.Count(c => c == '{'))
            .First();
        return found.Value.GetProperty(method.ToLowerInvariant());
    }

    public static void Check(JsonElement document, JsonElement schema, JsonElement value, string at)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var target = reference
                .GetString()!
                .Split('/')
                .Skip(1)
                .Aggregate(document, (node, name) => node.GetProperty(name));
            Check(document, target, value, at);
        }
        if (schema.TryGetProperty("type", out var type))
        {
            var types =
                type.ValueKind == JsonValueKind.Array
                    ? type.EnumerateArray().Select(t => t.GetString()!).ToList()
                    : [type.GetString()!];
            types.ShouldContain(
                t => Is(value, t),
                $"{at}: {value} is no {string.Join('|', types)}"
            );
        }
        if (schema.TryGetProperty("enum", out var words))
        {
            words
                .EnumerateArray()
                .ShouldContain(w => w.GetRawText() == value.GetRawText(), $"{at}: {value}");
        }
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                Check(document, items, item, $"{at}[{i}]");
            }
        }
        if (value.ValueKind == JsonValueKind.Object)
        {
            Fields(document, schema, value, at);
        }
    }

    private static void Fields(
        JsonElement document,
        JsonElement schema,
        JsonElement value,
        string at
    )
    {
        foreach (
            var name in schema.TryGetProperty("required", out var r) ? r.EnumerateArray() : default
        )
        {
            value.TryGetProperty(name.GetString()!, out _).ShouldBeTrue($"{at}: {name} is missing");
        }
        var hasFields = schema.TryGetProperty("properties", out var properties);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        foreach (var field in value.EnumerateObject())
        {
            if (hasFields && properties.TryGetProperty(field.Name, out var known))
            {
                Check(document, known, field.Value, $"{at}.{field.Name}");
            }
            else if (hasOthers)
            {
                Check(document, others, field.Value, $"{at}.{field.Name}");
            }
            else if (hasFields)
            {
                throw new ShouldAssertException($"{at}: {field.Name} is not in the document");
            }
        }
    }

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            _ => false,
        };
}
