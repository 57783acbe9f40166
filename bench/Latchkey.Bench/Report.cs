using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latchkey.Bench;

/// <summary>One measured thing.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Value">What was measured; the median where there were rounds.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Ratio">Compared with <paramref name="Against"/>: a multiple of its time, or a share of the rate it would allow.</param>
/// <param name="Against">What it is compared with.</param>
internal sealed record Row(
    string Name,
    double Value,
    string Unit,
    double? Ratio = null,
    string? Against = null
);

/// <summary>Rows as a table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The file is read by people, not put into pages.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IReadOnlyList<Row> rows)
    {
        Console.WriteLine("| name | value | unit | ratio | against |");
        Console.WriteLine("| --- | ---: | --- | ---: | --- |");
        foreach (Row row in rows)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Name} | {row.Value:0.##} | {row.Unit} | {row.Ratio:0.000} | {row.Against} |"
                )
            );
    }

    public static void WriteJson(string file, string scenario, IReadOnlyList<Row> rows) =>
        File.WriteAllText(
            file,
            JsonSerializer.Serialize(
                new
                {
                    scenario,
                    cores = Environment.ProcessorCount,
                    architecture = RuntimeInformation.ProcessArchitecture.ToString(),
                    runtime = RuntimeInformation.FrameworkDescription,
                    rows,
                },
                Options
            ) + "\n"
        );
}
