namespace Latchkey.Server.Insights;

/// <summary>One field's change as events tell it (J-121).</summary>
internal sealed record FieldChange(string Field, string? From, string? To)
{
    /// <summary>What stands in an event for a secret.</summary>
    public const string Masked = "********";

    /// <summary>The fields that differ between two snapshots of the same fields in the same order.</summary>
    public static List<FieldChange> Between(
        IReadOnlyList<KeyValuePair<string, string?>> before,
        IReadOnlyList<KeyValuePair<string, string?>> after
    ) =>
        [
            .. before
                .Zip(after)
                .Where(pair => pair.First.Value != pair.Second.Value)
                .Select(pair => new FieldChange(
                    pair.First.Key,
                    pair.First.Value,
                    pair.Second.Value
                )),
        ];

    /// <summary>The fields something new was made with.</summary>
    public static List<FieldChange> New(IReadOnlyList<KeyValuePair<string, string?>> fields) =>
        [
            .. fields
                .Where(field => field.Value is not null)
                .Select(field => new FieldChange(field.Key, null, field.Value)),
        ];

    /// <summary>The fields of something that is there no more.</summary>
    public static List<FieldChange> Gone(IReadOnlyList<KeyValuePair<string, string?>> fields) =>
        [
            .. fields
                .Where(field => field.Value is not null)
                .Select(field => new FieldChange(field.Key, field.Value, null)),
        ];
}
