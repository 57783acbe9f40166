using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads the groups of a declaration and the custom attributes it defines.</summary>
internal static class GroupReader
{
    public static DeclaredAttribute Attribute(Section section)
    {
        var attribute = new DeclaredAttribute
        {
            Line = section.Line,
            Lines = section.Lines,
            Name = section.Required("name"),
            Label = section.Text("label"),
            Description = section.Text("description"),
            Type = section.Word<AttributeType>("type", AttributeTypes.TryParse, AttributeTypes.All),
        };
        section.End();
        return attribute;
    }

    public static DeclaredGroup Group(Section section)
    {
        var group = new DeclaredGroup
        {
            Line = section.Line,
            Lines = section.Lines,
            Name = section.Required("name"),
            Description = section.Text("description"),
            Members = section.Texts("members"),
            Rule = Rule(section.Map("rule")),
            Attributes = section
                .Sections("attributes", "group attribute")
                ?.Select(GroupAttribute)
                .ToList(),
        };
        section.End();
        return group;
    }

    private static GroupRule? Rule(Section? section)
    {
        if (section is null)
        {
            return null;
        }
        var match = section.Word<RuleMatch>("match", TryParseMatch, ["all", "any"]);
        var conditions = section.Sections("conditions", "condition") ?? [];
        var rule = new GroupRule(match ?? RuleMatch.All, [.. conditions.Select(Condition)]);
        section.End();
        return rule;
    }

    private static RuleCondition Condition(Section section)
    {
        var condition = new RuleCondition(
            section.Required("attribute"),
            section.Word<RuleOperator>("operator", RuleOperators.TryParse, RuleOperators.All)
                ?? RuleOperator.Is,
            section.Text("value") ?? ""
        );
        section.End();
        return condition;
    }

    private static GroupAttributeInput GroupAttribute(Section section)
    {
        var attribute = new GroupAttributeInput(
            section.Required("name"),
            section.Word<AttributeType>("type", AttributeTypes.TryParse, AttributeTypes.All)
                ?? AttributeType.String,
            section.Text("value") ?? ""
        );
        section.End();
        return attribute;
    }

    private static bool TryParseMatch(string? text, out RuleMatch match)
    {
        match = text == "any" ? RuleMatch.Any : RuleMatch.All;
        return text is "all" or "any";
    }
}
