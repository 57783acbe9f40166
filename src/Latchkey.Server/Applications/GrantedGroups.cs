namespace Latchkey.Server.Applications;

/// <summary>The groups to tick on a page that makes an application: ticked ones first, then those that match the search.</summary>
/// <param name="Shown">In that order.</param>
/// <param name="Ticked">The ids that are ticked.</param>
/// <param name="Hidden">How many match but are not shown.</param>
/// <param name="All">How many groups there are.</param>
/// <param name="People">How many people the ticked ones let in.</param>
internal sealed record GrantedGroups(
    IReadOnlyList<GroupChoice> Shown,
    IReadOnlySet<Guid> Ticked,
    int Hidden,
    int All,
    int People
)
{
    private const int Most = 50;

    public static async Task<GrantedGroups> LoadAsync(
        AccessQueries access,
        IEnumerable<Guid> ticked,
        string? search,
        CancellationToken cancellationToken
    )
    {
        var all = await access.GroupsAsync(cancellationToken);
        var wanted = ticked.ToHashSet();
        var matching = all.Where(g =>
                !wanted.Contains(g.Id)
                && g.Name.Contains(search?.Trim() ?? "", StringComparison.OrdinalIgnoreCase)
            )
            .ToList();
        return new GrantedGroups(
            [.. all.Where(g => wanted.Contains(g.Id)), .. matching.Take(Most)],
            wanted,
            Math.Max(0, matching.Count - Most),
            all.Count,
            await access.LetInAsync(wanted, [], cancellationToken)
        );
    }
}
