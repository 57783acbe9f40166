using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Directory;

/// <summary>Everything an administrator can say about a group, the whole of it.</summary>
internal sealed record GroupInput
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }

    /// <summary>Null for a group whose members are all put in by hand.</summary>
    public GroupRule? Rule { get; init; }

    public IReadOnlyList<GroupAttributeInput> Attributes { get; init; } = [];

    /// <summary>What a group is now, as a start for changing some of it.</summary>
    public static GroupInput From(Group group) =>
        new()
        {
            Name = group.Name,
            Description = group.Description,
            Rule = group.Rule,
            Attributes =
            [
                .. group.Attributes.Select(a => new GroupAttributeInput(a.Name, a.Type, a.Value)),
            ],
        };
}
