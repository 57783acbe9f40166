using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latchkey.Bench;

/// <summary>Rows as a table, as JSON, and all recordings of a folder as one document.</summary>
internal static class Report
{
    private const string Head = """
        # Measurements

        Written by `bench/record.sh` from the recordings beside it. A ratio is the median, over the rounds, of one
        operation's time ÷ the time of what it is compared with in the same round; in `http`, the share of it that
        the raw cryptography of the same round is. A limit is on the ratio, or on the value where there is no ratio.

        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The file is read by people, not put into pages.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Table(IReadOnlyList<Row> rows)
    {
        var table = new StringBuilder();
        table.Append("| name | value | unit | ratio | against | limit | |\n");
        table.Append("| --- | ---: | --- | ---: | --- | ---: | --- |\n");
        foreach (var row in rows)
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Value:0.##} | {row.Unit} | {row.Ratio:0.000} | {row.Against} | {Limit(row)} | {Held(row)} |\n"
            );
        return table.ToString();
    }

    public static void WriteJson(string file, string scenario, IReadOnlyList<Row> rows) =>
        File.WriteAllText(
            file,
            JsonSerializer.Serialize(
                new Recording(
                    scenario,
                    DateOnly.FromDateTime(DateTime.UtcNow),
                    Environment.ProcessorCount,
                    RuntimeInformation.ProcessArchitecture.ToString(),
                    RuntimeInformation.FrameworkDescription,
                    Processor.Describe(),
                    rows
                ),
                s_json
            ) + "\n"
        );

    /// <summary>Writes BENCH.md of all the recordings in a folder.</summary>
    /// <param name="folder">Where the recordings are.</param>
    /// <param name="scenarios">Each scenario and what it is, in order.</param>
    public static void WriteDocument(
        string folder,
        IReadOnlyList<(string Name, string Text)> scenarios
    )
    {
        var document = new StringBuilder(Head);
        foreach (var (name, text) in scenarios)
        {
            var file = Path.Combine(folder, name + ".json");
            if (!File.Exists(file))
                continue;
            var recording = JsonSerializer.Deserialize<Recording>(File.ReadAllText(file), s_json)!;
            document.Append(
                CultureInfo.InvariantCulture,
                $"\n## {name}\n\n{text}\nRecorded {recording.Date:yyyy-MM-dd} on {recording.Cores} cores ({recording.Processor ?? recording.Architecture}, {recording.Runtime}).\n\n"
            );
            document.Append(Table(recording.Rows));
        }
        File.WriteAllText(Path.Combine(folder, "BENCH.md"), document.ToString());
    }

    private static string Limit(Row row) =>
        row.AtMost is { } most ? string.Create(CultureInfo.InvariantCulture, $"≤ {most}")
        : row.AtLeast is { } least ? string.Create(CultureInfo.InvariantCulture, $"≥ {least}")
        : "";

    private static string Held(Row row) =>
        row.Held switch
        {
            true => "held",
            false => "**not held**",
            null => "",
        };
}
