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

/// <summary>A step that an event holds: the event of a sign-in that went well has all of its last part.</summary>
/// <param name="Facts">Names and values.</param>
internal sealed record HeldStep(
    string Type,
    DateTimeOffset? At,
    IReadOnlyList<KeyValuePair<string, string>> Facts
);

/// <summary>An event's details taken apart for a page: findings, changes and steps have their own places, the rest is a list of names and values.</summary>
internal sealed class EventDetails
{
    private EventDetails() { }

    public IReadOnlyList<ShownFinding> Findings { get; private init; } = [];

    public IReadOnlyList<FieldChange> Changes { get; private init; } = [];

    public IReadOnlyList<HeldStep> Steps { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Others { get; private init; } = [];

    public static EventDetails Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return new EventDetails();
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
            Steps =
            [
                .. Items(document.RootElement, "steps")
                    .Select(step => new HeldStep(
                        Field(step, "type") ?? "",
                        Time(step, "at"),
                        step.TryGetProperty("details", out var details) ? Facts(details) : []
                    )),
            ],
            Others = Facts(document.RootElement, "findings", "changes", "steps"),
        };
    }

    private static List<KeyValuePair<string, string>> Facts(
        JsonElement details,
        params ReadOnlySpan<string> without
    )
    {
        var facts = new List<KeyValuePair<string, string>>();
        if (details.ValueKind != JsonValueKind.Object)
            return facts;
        foreach (var property in details.EnumerateObject())
        {
            if (!without.Contains(property.Name) && Text(property.Value) is { Length: > 0 } text)
                facts.Add(KeyValuePair.Create(property.Name, text));
        }
        return facts;
    }

    private static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Text(value) : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.TryGetDateTimeOffset(out var time)
            ? time
            : null;

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
