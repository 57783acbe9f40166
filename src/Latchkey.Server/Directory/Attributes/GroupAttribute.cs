using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Attributes;

/// <summary>A custom attribute that a group gives its members (J-34).</summary>
/// <param name="Name">As <c>custom:NAME</c> names it; once in a group.</param>
/// <param name="Type">Not a list: one value.</param>
/// <param name="Value">The value as text.</param>
/// <param name="AddedAt">When it got this value: of several groups that give the attribute the latest wins.</param>
internal sealed record GroupAttribute(
    string Name,
    AttributeType Type,
    string Value,
    DateTimeOffset AddedAt
);

/// <summary>A group's attribute as somebody says it.</summary>
internal sealed record GroupAttributeInput(string Name, AttributeType Type, string Value);

internal static class GroupAttributes
{
    private const int Most = 50;
    private const int LongestNumber = 9;

    /// <summary>The attributes to store; what keeps its value keeps its time.</summary>
    public static IReadOnlyList<GroupAttribute> Fill(
        IReadOnlyList<GroupAttribute> before,
        IReadOnlyList<GroupAttributeInput> rows,
        DateTimeOffset now,
        List<Problem> problems
    )
    {
        if (rows.Count > Most)
        {
            problems.Add(new Problem("too-many-rows", "attributes", Most));
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var (name, type, value) = rows[i];
            if (!UserRules.IsAttributeName(name))
            {
                problems.Add(
                    new Problem(
                        name.Length == 0 ? "attribute-name-missing" : "attribute-name-invalid",
                        $"attributes[{i}].name"
                    )
                );
            }
            else if (!seen.Add(name))
            {
                problems.Add(new Problem("attribute-once", $"attributes[{i}].name", name));
            }
            UserRules.Text(value, $"attributes[{i}].value", problems, 4096, lines: true);
            if (value.Length == 0)
            {
                problems.Add(new Problem("attribute-value-missing", $"attributes[{i}].value"));
            }
            else if (
                type == AttributeType.Number
                && (value.Length > LongestNumber || !value.All(char.IsAsciiDigit))
            )
            {
                problems.Add(
                    new Problem(
                        "attribute-not-short-number",
                        $"attributes[{i}].value",
                        LongestNumber
                    )
                );
            }
            else if (AttributeTypes.Fault(type, value, $"attributes[{i}].value") is { } fault)
            {
                problems.Add(fault);
            }
        }
        return
        [
            .. rows.Select(row =>
                before.FirstOrDefault(b =>
                    b.Name == row.Name && b.Type == row.Type && b.Value == row.Value
                ) ?? new GroupAttribute(row.Name, row.Type, row.Value, now)
            ),
        ];
    }
}
