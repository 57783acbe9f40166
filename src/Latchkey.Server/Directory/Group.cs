using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Storage.Search;

namespace Latchkey.Server.Directory;

/// <summary>A set of users; the only way to applications (S1-17).</summary>
internal sealed class Group : ISearched
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique without regard to case, see <see cref="NormalizedName"/>.</summary>
    public required string Name { get; set; }

    public required string NormalizedName { get; set; }
    public string? Description { get; set; }

    /// <summary>Who is in without being put in by hand; null for nobody.</summary>
    public GroupRule? Rule { get; set; }

    /// <summary>How far the rule has been held against the users there are; null once it has seen them all.</summary>
    public Guid? RuleCursor { get; set; }

    /// <summary>What every member has as a custom attribute without one of their own (J-34).</summary>
    public IReadOnlyList<GroupAttribute> Attributes { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public long Version { get; set; } = 1;

    public string SearchText
    {
        get => Storage.Search.SearchText.Of(Name, Description);
        // Follows from the others.
        private set => _ = value;
    }
}

/// <summary>A user's membership of a group, and why: put in by hand, brought by the group's rule, or both. It ends when neither holds.</summary>
internal sealed class GroupMember
{
    public required Guid GroupId { get; init; }
    public required Guid UserId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public bool ByHand { get; set; } = true;
    public bool ByRule { get; set; }
}
