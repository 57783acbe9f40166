using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>The rules for what is said about a user: NameID and attributes.</summary>
internal static class AttributeRules
{
    public const int MaxAttributes = 100;
    public const int MaxName = 256;
    public const int MaxConstant = 2048;
    public const int MaxSeparator = 10;

    public static void Fill(Application application, ApplicationInput input, List<Problem> problems)
    {
        application.NameIdSource = input.NameIdSource ?? application.NameIdSource;
        if (AttributePlan.NameIdExpression(application.NameIdSource) is { } expression)
        {
            problems.AddRange(Expression.Parse(expression, "name_id.expression").Problems);
        }
        else if (!AttributeSources.IsKnown(application.NameIdSource))
        {
            problems.Add(Unknown(application.NameIdSource, "name_id.source"));
        }
        application.NameIdFormat = input.NameIdFormat ?? application.NameIdFormat;
        if (!IsUri(application.NameIdFormat))
        {
            problems.Add(
                new Problem("name-id-format-unknown", "name_id.format", application.NameIdFormat)
            );
        }
        application.Attributes = input.Attributes ?? application.Attributes;
        if (application.Attributes.Count > MaxAttributes)
        {
            problems.Add(new Problem("attributes-too-many", "attributes", MaxAttributes));
            return;
        }
        for (var i = 0; i < application.Attributes.Count; i++)
        {
            Name(application.Attributes, i, problems);
            Value(application.Attributes[i], $"attributes[{i}]", problems);
        }
    }

    private static void Name(
        IReadOnlyList<AttributeMapping> rows,
        int index,
        List<Problem> problems
    )
    {
        var (row, where) = (rows[index], $"attributes[{index}].name");
        if (row.Name.Length == 0)
        {
            problems.Add(new Problem("attribute-name-empty", where));
        }
        else if (row.Name.Length > MaxName || row.Name.Any(char.IsControl))
        {
            problems.Add(new Problem("mapping-name-invalid", where, MaxName));
        }
        else if (rows.Take(index).Any(other => other.Name == row.Name))
        {
            problems.Add(new Problem("attribute-name-twice", where, row.Name));
        }
        if (row.NameFormat is not null && !IsUri(row.NameFormat))
        {
            problems.Add(
                new Problem(
                    "attribute-name-format-unknown",
                    $"attributes[{index}].name_format",
                    row.NameFormat
                )
            );
        }
    }

    private static void Value(AttributeMapping row, string where, List<Problem> problems)
    {
        if (
            row.FriendlyName is { } friendly
            && (friendly.Length > MaxName || friendly.Any(char.IsControl))
        )
        {
            problems.Add(new Problem("mapping-name-invalid", where + ".friendly_name", MaxName));
        }
        switch (row.Kind)
        {
            case AttributeKind.User when !AttributeSources.IsKnown(row.Value ?? ""):
                problems.Add(Unknown(row.Value ?? "", where + ".value"));
                break;
            case AttributeKind.Constant when string.IsNullOrEmpty(row.Value):
                problems.Add(new Problem("attribute-constant-empty", where + ".value"));
                break;
            case AttributeKind.Constant
                when row.Value.Length > MaxConstant || row.Value.Any(char.IsControl):
                problems.Add(
                    new Problem("attribute-constant-invalid", where + ".value", MaxConstant)
                );
                break;
            case AttributeKind.Expression:
                problems.AddRange(Expression.Parse(row.Value ?? "", where + ".value").Problems);
                break;
            case AttributeKind.Groups when row.Groups is { } groups:
                Selection(groups, where, problems);
                break;
            default:
                break;
        }
    }

    private static void Selection(GroupSelection groups, string where, List<Problem> problems)
    {
        if (groups.Attribute is { } attribute && !UserRules.IsAttributeName(attribute))
        {
            problems.Add(new Problem("attribute-name-invalid", where + ".group_attribute"));
        }
        if (
            groups.Pattern is { } pattern
            && (pattern.Length is 0 or > NamePattern.MaxLength || pattern.Any(char.IsControl))
        )
        {
            problems.Add(
                new Problem(
                    "group-pattern-invalid",
                    where + ".group_pattern",
                    NamePattern.MaxLength
                )
            );
        }
        if (
            groups.Separator is { Length: 0 or > MaxSeparator }
            || groups.Separator?.Any(char.IsControl) == true
        )
        {
            problems.Add(
                new Problem("group-separator-invalid", where + ".separator", MaxSeparator)
            );
        }
    }

    private static Problem Unknown(string source, string where) =>
        new("attribute-source-unknown", where, source, string.Join(", ", AttributeSources.All));

    public static bool IsUri(string text) =>
        text.Length <= MaxName && Uri.TryCreate(text, UriKind.Absolute, out _);
}
