namespace Latchkey.Server.Directory;

/// <summary>A set of users; the only way to applications (S1-17).</summary>
internal sealed class Group
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique without regard to case, see <see cref="NormalizedName"/>.</summary>
    public required string Name { get; set; }

    public required string NormalizedName { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public long Version { get; set; } = 1;
}

/// <summary>A user's membership of a group.</summary>
internal sealed class GroupMember
{
    public required Guid GroupId { get; init; }
    public required Guid UserId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}
