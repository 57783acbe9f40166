using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;

namespace Latchkey.Server.Api.OpenApi;

/// <summary>JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) of what is sent and answered, made from the very types that are written.</summary>
internal sealed class ApiSchemas
{
    private const string Mark = "x-latchkey";

    private static readonly JsonSchemaExporterOptions s_options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    };

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <summary>Every schema that was asked for, by its name.</summary>
    public JsonObject ToJson() =>
        new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value.DeepClone())));

    /// <summary>A reference to what is answered.</summary>
    public JsonObject Shown(Type type) => Reference(Name(type), type, except: "write");

    /// <summary>A reference to what is taken: nothing has to be there, and what is only shown is passed over.</summary>
    public JsonObject Taken(Type type)
    {
        var reference = Reference(Name(type) + "Input", type, except: "read");
        NothingRequired(_schemas[Name(type) + "Input"]);
        return reference;
    }

    /// <summary>Of the rows of a list something is required all the same: a list is sent whole.</summary>
    private static void NothingRequired(JsonNode? schema)
    {
        if (schema is JsonObject map)
        {
            map.Remove("required");
            foreach (var (_, property) in map["properties"]?.AsObject() ?? [])
            {
                NothingRequired(property);
            }
        }
    }

    private static string Name(Type type) =>
        type.IsGenericType ? Name(type.GetGenericArguments()[0]) + "List"
        : type.Name.EndsWith("Body", StringComparison.Ordinal) ? type.Name[..^4]
        : type.Name;

    private JsonObject Reference(string name, Type type, string except)
    {
        if (!_schemas.ContainsKey(name))
        {
            var schema = ApiJson.Options.GetJsonSchemaAsNode(type, s_options);
            Finish(schema, except);
            _schemas[name] = schema;
        }
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>Leaves out the fields of the other direction, and the marks that said so.</summary>
    private static void Finish(JsonNode schema, string except)
    {
        foreach (var item in Objects(schema).ToList())
        {
            if (item["properties"] is JsonObject properties)
            {
                foreach (var (name, value) in properties.ToList())
                {
                    if (value is JsonObject field && (string?)field[Mark] is { } direction)
                    {
                        field.Remove(Mark);
                        if (direction == except)
                        {
                            properties.Remove(name);
                            Unrequire(item, name);
                        }
                    }
                }
            }
        }
    }

    private static void Unrequire(JsonObject schema, string name)
    {
        if (schema["required"] is JsonArray required)
        {
            schema["required"] = new JsonArray([
                .. required.Where(r => (string?)r != name).Select(r => r!.DeepClone()),
            ]);
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject map => [map, .. map.SelectMany(entry => Objects(entry.Value))],
            JsonArray list => list.SelectMany(Objects),
            _ => [],
        };

    /// <summary>Whether a null is not written.</summary>
    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property
            .AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            .OfType<JsonIgnoreAttribute>()
            .Any(i => i.Condition == JsonIgnoreCondition.WhenWritingNull) == true;

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is JsonObject map)
        {
            foreach (var optional in context.TypeInfo.Properties.Where(IsLeftOut))
            {
                Unrequire(map, optional.Name);
            }
        }
        if (context.PropertyInfo?.AttributeProvider is not { } property)
        {
            return schema;
        }
        var said = property.GetCustomAttributes(inherit: false);
        if (schema is not JsonObject field)
        {
            // A type with a converter of its own says nothing about itself.
            field = new JsonObject();
        }
        if (context.PropertyInfo.CustomConverter is SessionLifetimeConverter)
        {
            field["type"] = new JsonArray("string", "integer");
        }
        if (said.OfType<WordsOfAttribute>().FirstOrDefault() is { } words)
        {
            var list = new JsonArray([.. words.Words.Select(w => JsonValue.Create(w))]);
            if (field["type"] is JsonArray)
            {
                // It may be null too.
                list.Add(null);
            }
            field[words.Open ? "examples" : "enum"] = list;
        }
        if (said.OfType<DescriptionAttribute>().FirstOrDefault() is { } description)
        {
            field["description"] = description.Description;
        }
        if (said.OfType<ReadOnlyAttribute>().Any())
        {
            field[Mark] = "read";
        }
        else if (said.OfType<WriteOnlyAttribute>().Any())
        {
            field[Mark] = "write";
        }
        return field;
    }
}
