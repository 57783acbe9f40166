namespace Latchkey.Server.Applications;

/// <summary>The groups to tick on a page of an application: ticked ones first, then those that match the search.</summary>
/// <param name="Shown">In that order.</param>
/// <param name="Ticked">The ids that are ticked.</param>
/// <param name="Hidden">How many match but are not shown, as far as they are counted: see <see cref="Directory.Count"/>.</param>
/// <param name="All">How many groups there are, as far as they are counted.</param>
/// <param name="People">How many people the ticked ones and the users let in.</param>
/// <param name="Users">How many are let in by name.</param>
/// <param name="Search">What was searched for.</param>
internal sealed record GrantedGroups(
    IReadOnlyList<GroupChoice> Shown,
    IReadOnlySet<Guid> Ticked,
    int Hidden,
    int All,
    int People,
    int Users,
    string? Search
)
{
    private const int Most = 50;

    public bool Nobody => Ticked.Count == 0 && Users == 0;

    /// <summary>The one line of truth: the key of its text, and what goes in.</summary>
    public (string Key, object[] Args) Line =>
        Nobody ? ("applications.access.nobody", [])
        : Users > 0 ? ("applications.access.both", [People, Ticked.Count, Users])
        : Ticked.Count == 1 ? ("applications.access.one-group", [People])
        : ("applications.access.line", [People, Ticked.Count]);

    public static async Task<GrantedGroups> LoadAsync(
        AccessQueries access,
        IEnumerable<Guid> ticked,
        string? search,
        CancellationToken cancellationToken,
        IReadOnlyCollection<Guid>? users = null
    )
    {
        var wanted = ticked.ToHashSet();
        var found = await access.GroupChoicesAsync(wanted, search, Most, cancellationToken);
        // A group that somebody deleted meanwhile is not ticked any more.
        wanted.IntersectWith(found.Ticked.Select(g => g.Id));
        return new GrantedGroups(
            [.. found.Ticked, .. found.Matching],
            wanted,
            found.Hidden,
            found.All,
            await access.LetInAsync(wanted, users ?? [], cancellationToken),
            users?.Count ?? 0,
            search
        );
    }
}
