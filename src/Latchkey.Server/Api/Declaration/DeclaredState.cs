using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a declaration file says. A null is "not said": it takes the default when something is made and leaves alone what is there.</summary>
internal sealed record DeclaredState
{
    public IReadOnlyList<DeclaredAttribute> Attributes { get; init; } = [];
    public IReadOnlyList<DeclaredUser> Users { get; init; } = [];
    public IReadOnlyList<DeclaredGroup> Groups { get; init; } = [];

    /// <summary>User names that are given the administrator's right. Nobody loses it by not being named: a file must not lock out who runs the server.</summary>
    public IReadOnlyList<(int Line, string Username)> Administrators { get; init; } = [];

    public IReadOnlyList<DeclaredApplication> Applications { get; init; } = [];

    /// <summary>What is said of settings, mail templates and password policies. It is read over what there is.</summary>
    public IReadOnlyList<DeclaredSetting> Settings { get; init; } = [];
}

/// <summary>A custom attribute that is defined.</summary>
internal sealed record DeclaredAttribute
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Name { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public AttributeType? Type { get; init; }
}

internal sealed record DeclaredGroup
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }

    /// <summary>The whole set of members, by user name.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>Who is in without being named; one without conditions takes it away.</summary>
    public GroupRule? Rule { get; init; }

    /// <summary>What members have from the group, the whole of it.</summary>
    public IReadOnlyList<GroupAttributeInput>? Attributes { get; init; }

    /// <summary>The version that was looked at; said in a call only.</summary>
    public int? Version { get; init; }

    /// <summary>What is said, over what the group is.</summary>
    public GroupInput Over(GroupInput start) =>
        start with
        {
            Name = Name.Length == 0 ? start.Name : Name,
            Description = Description ?? start.Description,
            // An empty rule takes it away.
            Rule = Rule is { } rule ? (rule.Conditions.Count == 0 ? null : rule) : start.Rule,
            Attributes = Attributes ?? start.Attributes,
        };
}

/// <param name="Kind">"setting", "mail template" or "password policy".</param>
/// <param name="Name">Which of its kind.</param>
/// <param name="Said">What is said of it, not read yet.</param>
internal sealed record DeclaredSetting(string Kind, string Name, Section Said);
