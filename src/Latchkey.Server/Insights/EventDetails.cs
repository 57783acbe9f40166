using System.Globalization;
using System.Text.Json;

namespace Latchkey.Server.Insights;

/// <summary>One finding as an event keeps it.</summary>
internal sealed record ShownFinding(
    string Code,
    string? Title,
    string? Remedy,
    string? Expected,
    string? Found,
    string? At
);

/// <summary>An event's details taken apart for a page: findings and changes have their own places, the rest is a list of names and values.</summary>
internal sealed class EventDetails
{
    private EventDetails() { }

    public IReadOnlyList<ShownFinding> Findings { get; private init; } = [];

    public IReadOnlyList<FieldChange> Changes { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Others { get; private init; } = [];

    public static EventDetails Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return new EventDetails();
        }
        var others = new List<KeyValuePair<string, string>>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (
                property.Name is not ("findings" or "changes")
                && Text(property.Value) is { Length: > 0 } text
            )
            {
                others.Add(KeyValuePair.Create(property.Name, text));
            }
        }
        return new EventDetails
        {
            Findings =
            [
                .. Items(document.RootElement, "findings")
                    .Select(f => new ShownFinding(
                        Field(f, "code") ?? "",
                        Field(f, "title"),
                        Field(f, "remedy"),
                        Field(f, "expected"),
                        Field(f, "found"),
                        Field(f, "at")
                    )),
            ],
            Changes =
            [
                .. Items(document.RootElement, "changes")
                    .Select(c => new FieldChange(
                        Field(c, "field") ?? "",
                        Field(c, "from"),
                        Field(c, "to")
                    )),
            ],
            Others = others,
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => value.GetRawText().ToString(CultureInfo.InvariantCulture),
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
            _ => value.GetRawText(),
        };
}
