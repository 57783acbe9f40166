using System.Text.Json.Serialization;

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
)
{
    /// <summary>What the ratio, or the value where there is no ratio, may be at most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AtMost { get; init; }

    /// <summary>What the ratio, or the value where there is no ratio, has to be at least.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AtLeast { get; init; }

    /// <summary>Whether the limit held; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Held =>
        AtMost is { } most ? (Ratio ?? Value) <= most
        : AtLeast is { } least ? (Ratio ?? Value) >= least
        : null;
}

/// <summary>The rows of one run of a scenario, and where they were measured.</summary>
internal sealed record Recording(
    string Scenario,
    DateOnly Date,
    int Cores,
    string Architecture,
    string Runtime,
    string? Processor,
    IReadOnlyList<Row> Rows
);
