using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Directory.Pages;

/// <summary>A group as a form holds it.</summary>
public sealed class GroupForm
{
    public string? Name { get; set; }
    public string? Description { get; set; }
    public long Version { get; set; }

    /// <summary><c>all</c> or <c>any</c>.</summary>
    public string? Match { get; set; }

    public IList<ConditionRow> Conditions { get; set; } = [];
    public IList<GroupAttributeRow> Attributes { get; set; } = [];

    internal static GroupForm From(Group group) =>
        new()
        {
            Name = group.Name,
            Description = group.Description,
            Version = group.Version,
            Match = group.Rule?.Match == RuleMatch.Any ? "any" : "all",
            Conditions =
            [
                .. (group.Rule?.Conditions ?? []).Select(c => new ConditionRow
                {
                    Attribute = c.Attribute,
                    Operator = RuleOperators.Name(c.Operator),
                    Value = c.Value,
                }),
            ],
            Attributes =
            [
                .. group.Attributes.Select(a => new GroupAttributeRow
                {
                    Name = a.Name,
                    Type = AttributeTypes.Name(a.Type),
                    Value = a.Value,
                }),
            ],
        };

    /// <summary>Takes the empty rows away, so that a row's number here is its number in the input.</summary>
    internal void DropEmptyRows()
    {
        Conditions = [.. Conditions.Where(row => !string.IsNullOrEmpty(row.Attribute))];
        Attributes =
        [
            .. Attributes.Where(row => !string.IsNullOrWhiteSpace($"{row.Name}{row.Value}")),
        ];
    }

    internal GroupInput ToInput() =>
        new()
        {
            Name = Name?.Trim() ?? "",
            Description = Description,
            Rule =
                Conditions.Count == 0
                    ? null
                    : new GroupRule(
                        Match == "any" ? RuleMatch.Any : RuleMatch.All,
                        [.. Conditions.Select(row => row.ToCondition())]
                    ),
            Attributes = [.. Attributes.Select(row => row.ToInput())],
        };
}

/// <summary>One condition of a rule; without an attribute it is none.</summary>
public sealed class ConditionRow
{
    public string? Attribute { get; set; }
    public string? Operator { get; set; }
    public string? Value { get; set; }

    internal RuleCondition ToCondition() =>
        new(
            Attribute ?? "",
            RuleOperators.TryParse(Operator, out var known) ? known : RuleOperator.Is,
            Value?.Trim() ?? ""
        );
}

/// <summary>One attribute that members have from the group.</summary>
public sealed class GroupAttributeRow
{
    public string? Name { get; set; }
    public string? Type { get; set; }
    public string? Value { get; set; }

    internal GroupAttributeInput ToInput() =>
        new(
            Name?.Trim() ?? "",
            AttributeTypes.TryParse(Type, out var type) ? type : AttributeType.String,
            Value?.Trim() ?? ""
        );
}
