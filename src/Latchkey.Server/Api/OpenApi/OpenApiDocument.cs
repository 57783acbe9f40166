using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Server.Api.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, made from the endpoints as they are mapped and the types that are written: there is no
/// second description that could fall behind.
/// </summary>
internal sealed class OpenApiDocument(ApiOperations operations, ServerOptions server, ITexts texts)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        // Read by programs and people, never as a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Text() => ToJson().ToJsonString(s_json);

    private JsonObject ToJson()
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var path in operations.All.GroupBy(o => o.Path))
        {
            paths[path.Key] = new JsonObject(
                path.Select(o =>
                    KeyValuePair.Create(
                        o.Method.ToLowerInvariant(),
                        (JsonNode?)Operation(o, schemas)
                    )
                )
            );
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Latchkey",
                ["version"] = "v1",
                ["license"] = new JsonObject
                {
                    ["name"] = "Apache-2.0",
                    ["identifier"] = "Apache-2.0",
                },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server.Address("") }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        };
    }

    private JsonObject Operation(MappedOperation mapped, ApiSchemas schemas)
    {
        var operation = mapped.Operation;
        var json = new JsonObject
        {
            ["operationId"] = operation.Name,
            ["summary"] = texts[$"api.call.{operation.Name}"],
            ["tags"] = new JsonArray(mapped.Path.Split('/')[3]),
            ["security"] = new JsonArray(
                new JsonObject { ["token"] = new JsonArray(operation.Scope) }
            ),
            ["parameters"] = new JsonArray([.. Parameters(mapped)]),
        };
        if (operation.Body is { } body)
        {
            JsonObject schema = schemas.Taken(body);
            if (operation.Required.Count > 0)
            {
                schema["required"] = new JsonArray([
                    .. operation.Required.Select(r => JsonValue.Create(r)),
                ]);
            }
            var media = new JsonObject { ["schema"] = schema };
            if (operation.Example is { } example)
            {
                media["example"] = JsonNode.Parse(example);
            }
            json["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { ["application/json"] = media },
            };
        }
        json["responses"] = Responses(operation, schemas);
        return json;
    }

    private static JsonObject Responses(ApiOperation operation, ApiSchemas schemas)
    {
        var done = new JsonObject
        {
            ["description"] = ReasonPhrases.GetReasonPhrase(operation.Status),
        };
        if (operation.Answer is { } answer)
        {
            done["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = schemas.Shown(answer) },
            };
        }
        else if (operation.ContentType is { } type)
        {
            done["content"] = new JsonObject { [type] = new JsonObject() };
        }
        var responses = new JsonObject { [Number(operation.Status)] = done };
        foreach (var status in operation.AllRefusals)
        {
            responses[Number(status)] = new JsonObject
            {
                ["description"] = ReasonPhrases.GetReasonPhrase(status),
                ["content"] = new JsonObject
                {
                    [ApiProblems.ContentType] = new JsonObject
                    {
                        ["schema"] = schemas.Shown(typeof(ApiProblems)),
                    },
                },
            };
        }
        return responses;
    }

    private static IEnumerable<JsonNode> Parameters(MappedOperation mapped)
    {
        foreach (var name in mapped.Parameters)
        {
            yield return Parameter(name, "path", new JsonObject { ["type"] = "string" }, true);
        }
        foreach (var query in mapped.Operation.Query)
        {
            var schema = new JsonObject { ["type"] = query.Type };
            if (query.Format is { } format)
            {
                schema["format"] = format;
            }
            if (query.Words is { } words)
            {
                schema["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(w))]);
            }
            if (query == ApiParameter.Limit)
            {
                schema["minimum"] = 1;
                schema["maximum"] = ListCall.Most;
                schema["default"] = ListCall.Usual;
            }
            yield return Parameter(query.Name, "query", schema);
        }
        if (mapped.IsRepeatable)
        {
            var schema = new JsonObject { ["type"] = "string" };
            yield return Parameter(IdempotencyFilter.Header, "header", schema);
        }
        if (mapped.Operation.Versioned)
        {
            yield return Parameter("If-Match", "header", new JsonObject { ["type"] = "string" });
        }
    }

    private static JsonObject Parameter(
        string name,
        string place,
        JsonObject schema,
        bool required = false
    ) =>
        new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = required,
            ["schema"] = schema,
        };

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
