using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads the groups of a declaration and the custom attributes it defines.</summary>
internal static class GroupReader
{
    public static IReadOnlyList<string> Matches { get; } = ["all", "any"];

    public static DeclaredAttribute Attribute(Section section) =>
        Attribute(section, section.Required("name"));

    /// <summary>A custom attribute in a call's body; its name stands in the address, and is passed over in the body.</summary>
    public static DeclaredAttribute ReadAttributeCall(Section section, string name)
    {
        section.Skip("name");
        return Attribute(section, name);
    }

    private static DeclaredAttribute Attribute(Section section, string name)
    {
        var attribute = new DeclaredAttribute
        {
            Line = section.Line,
            Lines = section.Lines,
            Name = name,
            Label = section.Text("label"),
            Description = section.Text("description"),
            Type = section.Word<AttributeType>("type", AttributeTypes.TryParse, AttributeTypes.All),
        };
        section.End();
        return attribute;
    }

    /// <summary>A group of a file.</summary>
    public static DeclaredGroup Group(Section section)
    {
        var group = Shared(section, section.Required("name"));
        section.End();
        return group;
    }

    /// <summary>A group in a call's body. What is only shown is passed over, so that what was shown can be sent back.</summary>
    public static DeclaredGroup ReadCall(Section section)
    {
        var group = Shared(section, section.Text("name") ?? "") with
        {
            Version = section.Number("version"),
        };
        section.Skip("id", "member_count", "created_at", "updated_at");
        section.End();
        return group;
    }

    private static DeclaredGroup Shared(Section section, string name) =>
        new()
        {
            Line = section.Line,
            Lines = section.Lines,
            Name = name,
            Description = section.Text("description"),
            Members = section.Texts("members"),
            Rule = Rule(section),
            Attributes = section
                .Sections("attributes", "group attribute")
                ?.Select(GroupAttribute)
                .ToList(),
        };

    private static GroupRule? Rule(Section group)
    {
        if (group.Empties("rule"))
        {
            return new GroupRule(RuleMatch.All, []);
        }
        if (group.Map("rule") is not { } section)
        {
            return null;
        }
        var match = section.Word<RuleMatch>("match", TryParseMatch, Matches);
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
