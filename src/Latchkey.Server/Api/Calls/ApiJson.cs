using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Latchkey.Server.Api.Calls;

/// <summary>How the API writes JSON: snake case, and every field there, also where it is null. Keys that are somebody's own stay as they are.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            RespectNullableAnnotations = true,
            // Sent as JSON that no browser takes for a page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
