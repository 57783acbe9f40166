using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Latchkey.Server.Storage;

/// <summary>Lists and dictionaries of an entity, kept as JSON text in one column. They are replaced whole, never changed in place.</summary>
internal static class JsonColumn
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Read by this program and by people at the database, never by a browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void IsJson<T>(this PropertyBuilder<T> property)
        where T : class =>
        property.HasConversion(
            value => Write(value),
            text => Read<T>(text),
            new ValueComparer<T>(
                (a, b) => ReferenceEquals(a, b) || Write(a) == Write(b),
                value => Write(value).GetHashCode(StringComparison.Ordinal),
                value => value
            )
        );

    public static T Read<T>(string text)
        where T : class =>
        text is "[]" or "{}" ? Empty<T>.Of(text) : JsonSerializer.Deserialize<T>(text, Options)!;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Most rows hold nothing in most of these columns: all share the one empty value of the type.</summary>
    private static class Empty<T>
        where T : class
    {
        private static T? s_value;

        public static T Of(string text) =>
            s_value ??= JsonSerializer.Deserialize<T>(text, Options)!;
    }
}
