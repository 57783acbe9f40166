using System.Globalization;
using System.Text.Json;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Attributes;

/// <summary>A custom attribute as the organisation defines it. One that nobody defined is text and may have several values.</summary>
internal sealed class AttributeDefinition
{
    /// <summary>As mappings name it behind <c>custom:</c>; it stays as it is.</summary>
    public required string Name { get; init; }

    /// <summary>What forms call it.</summary>
    public required string Label { get; set; }

    public string? Description { get; set; }
    public required AttributeType Type { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum AttributeType
{
    String,
    Number,
    Boolean,
    Json,

    /// <summary>Any number of texts.</summary>
    List,
}

/// <summary>The types' names and what each takes.</summary>
internal static class AttributeTypes
{
    public static IReadOnlyList<string> All { get; } =
    [.. Enum.GetValues<AttributeType>().Select(Name)];

    public static string Name(AttributeType type) =>
        type switch
        {
            AttributeType.Number => "number",
            AttributeType.Boolean => "boolean",
            AttributeType.Json => "json",
            AttributeType.List => "list",
            _ => "string",
        };

    public static bool TryParse(string? name, out AttributeType type)
    {
        type = Enum.GetValues<AttributeType>().FirstOrDefault(t => Name(t) == name);
        return name is not null && Name(type) == name;
    }

    /// <summary>What is wrong with a value of a type; null if nothing.</summary>
    public static Problem? Fault(AttributeType type, string value, string where) =>
        type switch
        {
            AttributeType.Number when !IsNumber(value) => new Problem(
                "attribute-not-number",
                where
            ),
            AttributeType.Boolean when value is not ("true" or "false") => new Problem(
                "attribute-not-boolean",
                where
            ),
            AttributeType.Json when !IsJson(value) => new Problem("attribute-not-json", where),
            _ => null,
        };

    /// <summary>Adds what the definitions have against values: of another type, or several where there is one.</summary>
    /// <param name="definitions">By their names.</param>
    /// <param name="rows">The values.</param>
    /// <param name="stored">What the user has already. It stays as it is when a definition changes, and keeps nobody from changing something else.</param>
    /// <param name="problems">What is wrong.</param>
    public static void Check(
        IReadOnlyDictionary<string, AttributeDefinition> definitions,
        IReadOnlyList<CustomAttribute> rows,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? stored,
        List<Problem> problems
    )
    {
        var kept = rows.GroupBy(row => row.Name, StringComparer.Ordinal)
            .Where(of =>
                stored?.TryGetValue(of.Key, out var values) == true
                && values.SequenceEqual(of.Select(row => row.Value), StringComparer.Ordinal)
            )
            .Select(of => of.Key)
            .ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (
                kept.Contains(rows[i].Name)
                || !definitions.TryGetValue(rows[i].Name, out var definition)
            )
            {
                continue;
            }
            if (!seen.Add(definition.Name) && definition.Type != AttributeType.List)
            {
                problems.Add(
                    new Problem("attribute-once", $"attributes[{i}].value", definition.Label)
                );
            }
            if (Fault(definition.Type, rows[i].Value, $"attributes[{i}].value") is { } fault)
            {
                problems.Add(fault);
            }
        }
    }

    private static bool IsNumber(string value) =>
        value.Length <= 30
        && decimal.TryParse(
            value,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out _
        );

    private static bool IsJson(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
