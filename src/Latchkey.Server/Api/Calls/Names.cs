using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Calls;

/// <summary>Finds groups and users by the names, or the ids, that a call gives them.</summary>
internal sealed class Names(IDbContextFactory<LatchkeyDbContext> databases)
{
    /// <summary>The groups' ids; null where the call names no groups.</summary>
    /// <param name="names">Names or ids.</param>
    /// <param name="field">Where they stand.</param>
    /// <param name="problems">Takes those that nobody knows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IReadOnlyCollection<Guid>?> GroupsAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    ) =>
        FindAsync(
            names,
            (field, "api-group-unknown"),
            (db, sought, ids) =>
                db
                    .Groups.Where(g => sought.Contains(g.NormalizedName) || ids.Contains(g.Id))
                    .Select(g => new Known(g.Id, g.NormalizedName)),
            problems,
            cancellationToken
        );

    /// <summary>The same for users, by user name or id.</summary>
    public Task<IReadOnlyCollection<Guid>?> UsersAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    ) =>
        FindAsync(
            names,
            (field, "api-user-unknown"),
            (db, sought, ids) =>
                db
                    .Users.Where(u => sought.Contains(u.NormalizedUsername) || ids.Contains(u.Id))
                    .Select(u => new Known(u.Id, u.NormalizedUsername)),
            problems,
            cancellationToken
        );

    /// <summary>The same for applications, by slug or id.</summary>
    public Task<IReadOnlyCollection<Guid>?> ApplicationsAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        // Slugs are in lower case, and are kept so.
        var slugs = (names ?? []).Select(n => n.ToLowerInvariant()).ToList();
        return FindAsync(
            names,
            (field, "api-application-unknown"),
            (db, _, ids) =>
                db
                    .Applications.Where(a => slugs.Contains(a.Slug) || ids.Contains(a.Id))
                    .Select(a => new Known(a.Id, a.Slug)),
            problems,
            cancellationToken
        );
    }

    /// <summary>The names of groups, in their order; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<string>> OfGroupsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.Where(g => ids.Contains(g.Id))
            .OrderBy(g => g.NormalizedName)
            .Select(g => g.Name)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The slugs of applications, in their order; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<string>> OfApplicationsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.Where(a => ids.Contains(a.Id))
            .OrderBy(a => a.Slug)
            .Select(a => a.Slug)
            .ToListAsync(cancellationToken);
    }

    /// <param name="names">As they were said.</param>
    /// <param name="said">Where they stand, and the code for one that nobody knows.</param>
    /// <param name="query">Those whose name, in upper case, or whose id is among these.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async Task<IReadOnlyCollection<Guid>?> FindAsync(
        IReadOnlyList<string>? names,
        (string Field, string Unknown) said,
        Func<LatchkeyDbContext, List<string>, List<Guid>, IQueryable<Known>> query,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (names is not { Count: > 0 })
        {
            return names is null ? null : [];
        }
        var sought = names.Select(UserRules.Normalize).ToList();
        var ids = names.Select(n => Guid.TryParse(n, out var id) ? id : Guid.Empty).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await query(db, sought, ids).ToListAsync(cancellationToken);
        return Ids(names, found, said.Field, said.Unknown, problems);
    }

    private static List<Guid> Ids(
        IReadOnlyList<string> names,
        List<Known> found,
        string field,
        string unknown,
        List<Problem> problems
    )
    {
        var byName = found.ToDictionary(
            f => UserRules.Normalize(f.Name),
            f => f.Id,
            StringComparer.Ordinal
        );
        var ids = new List<Guid>();
        for (var i = 0; i < names.Count; i++)
        {
            // A name may look like an id; then the name counts.
            if (
                byName.TryGetValue(UserRules.Normalize(names[i]), out var id)
                || (Guid.TryParse(names[i], out id) && found.Exists(f => f.Id == id))
            )
            {
                ids.Add(id);
            }
            else
            {
                problems.Add(new Problem(unknown, $"{field}[{i}]", names[i]));
            }
        }
        return [.. ids.Distinct()];
    }

    private sealed record Known(Guid Id, string Name);
}
