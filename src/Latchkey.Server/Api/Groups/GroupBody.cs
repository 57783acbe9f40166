using System.ComponentModel;
using System.Text.Json.Serialization;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Api.Groups;

/// <summary>A group as the API shows it and takes it, in the words of the declaration file.</summary>
internal sealed record GroupBody
{
    [ReadOnly(true)]
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string? Description { get; init; }

    [Description("Who is in without being put in by hand; null for nobody.")]
    public required RuleBody? Rule { get; init; }

    [Description("What members have as custom attributes without a value of their own.")]
    public required IReadOnlyList<GroupAttributeBody> Attributes { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The user names of who is in by hand, the whole set.")]
    public IReadOnlyList<string>? Members { get; init; }

    [ReadOnly(true)]
    public required int MemberCount { get; init; }

    [Description("Counts changes. Sent back, the change is made only to this version.")]
    public required long Version { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset CreatedAt { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset UpdatedAt { get; init; }

    public static GroupBody Of(Group group, int members) =>
        new()
        {
            Id = group.Id,
            Name = group.Name,
            Description = group.Description,
            Rule = group.Rule is { } rule ? RuleBody.Of(rule) : null,
            Attributes = [.. group.Attributes.Select(GroupAttributeBody.Of)],
            MemberCount = members,
            Version = group.Version,
            CreatedAt = group.CreatedAt,
            UpdatedAt = group.UpdatedAt,
        };
}

internal sealed record RuleBody(
    [property: WordsOf(typeof(GroupReader), nameof(GroupReader.Matches))] string Match,
    IReadOnlyList<ConditionBody> Conditions
)
{
    public static RuleBody Of(GroupRule rule) =>
        new(
            rule.Match == RuleMatch.Any ? "any" : "all",
            [
                .. rule.Conditions.Select(c => new ConditionBody(
                    c.Attribute,
                    RuleOperators.Name(c.Operator),
                    c.Value.Length == 0 ? null : c.Value
                )),
            ]
        );
}

internal sealed record ConditionBody(
    string Attribute,
    [property: WordsOf(typeof(RuleOperators), nameof(RuleOperators.All))] string Operator,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value
);

internal sealed record GroupAttributeBody(
    string Name,
    [property: WordsOf(typeof(AttributeTypes), nameof(AttributeTypes.All))] string Type,
    string Value
)
{
    public static GroupAttributeBody Of(GroupAttribute attribute) =>
        new(attribute.Name, AttributeTypes.Name(attribute.Type), attribute.Value);
}

/// <summary>A row of the list.</summary>
internal sealed record GroupRowBody(
    Guid Id,
    string Name,
    string? Description,
    int Members,
    int Applications
);

internal sealed record MemberBody(
    Guid Id,
    string Username,
    string Email,
    [property: WordsOf(typeof(UserReader), nameof(UserReader.States))] string State,
    bool ByHand,
    bool ByRule
);
