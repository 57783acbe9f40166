using System.Globalization;
using System.Text.Json;
using Latchkey.Server.Directory.Import;

namespace Latchkey.Server.Insights;

/// <summary>Writes events as they are read, the newest first: whatever their number, a page of them is in memory.</summary>
internal sealed class EventExport(EventQueries events)
{
    private static readonly (string Name, Func<Event, string?> Read)[] s_fields =
    [
        ("id", e => e.Id.ToString()),
        (
            "at",
            e =>
                e.At.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    CultureInfo.InvariantCulture
                )
        ),
        ("type", e => e.Type),
        ("success", e => e.Success ? "true" : "false"),
        ("reference_code", e => e.ReferenceCode),
        ("finding_code", e => e.FindingCode),
        ("actor_id", e => e.ActorId?.ToString()),
        ("actor_name", e => e.ActorName),
        ("target_type", e => e.TargetType),
        ("target_id", e => e.TargetId?.ToString()),
        ("target_name", e => e.TargetName),
        ("application_id", e => e.ApplicationId?.ToString()),
        ("client_ip", e => e.ClientIp),
        ("user_agent", e => e.UserAgent),
    ];

    /// <summary>The fields in their order; the names of JSON and the heads of CSV.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. s_fields.Select(f => f.Name)];

    /// <summary>A JSON object a line; details are an object within it.</summary>
    public async Task WriteJsonLinesAsync(
        EventQuery query,
        Stream to,
        CancellationToken cancellationToken
    )
    {
        await foreach (var happened in events.AllAsync(query, cancellationToken))
        {
            await to.WriteAsync(Line(happened), cancellationToken);
        }
    }

    /// <summary>RFC 4180 with a line of heads; details are JSON in one cell. What a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public async Task WriteCsvAsync(
        EventQuery query,
        Stream to,
        CancellationToken cancellationToken
    )
    {
        await using var text = new StreamWriter(to, leaveOpen: true);
        var csv = new CsvWriter(text);
        await csv.WriteAsync([.. Fields, "details"]);
        await foreach (var happened in events.AllAsync(query, cancellationToken))
        {
            await csv.WriteAsync([.. s_fields.Select(f => f.Read(happened)), happened.Details]);
        }
    }

    private static byte[] Line(Event happened)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, read) in s_fields)
            {
                if (name == "success")
                {
                    json.WriteBoolean(name, happened.Success);
                }
                else if (read(happened) is { } value)
                {
                    json.WriteString(name, value);
                }
                else
                {
                    json.WriteNull(name);
                }
            }
            json.WritePropertyName("details");
            // Written anew, so that it stays within its line however it was stored.
            using var details = JsonDocument.Parse(happened.Details);
            details.RootElement.WriteTo(json);
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
