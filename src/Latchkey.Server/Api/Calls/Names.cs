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
    public async Task<IReadOnlyCollection<Guid>?> GroupsAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (names is not { Count: > 0 })
        {
            return names is null ? null : [];
        }
        var (normalized, ids) = Sought(names);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db
            .Groups.Where(g => normalized.Contains(g.NormalizedName) || ids.Contains(g.Id))
            .Select(g => new Known(g.Id, g.NormalizedName))
            .ToListAsync(cancellationToken);
        return Ids(names, found, field, "api-group-unknown", problems);
    }

    /// <summary>The same for users, by user name or id.</summary>
    public async Task<IReadOnlyCollection<Guid>?> UsersAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (names is not { Count: > 0 })
        {
            return names is null ? null : [];
        }
        var (normalized, ids) = Sought(names);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db
            .Users.Where(u => normalized.Contains(u.NormalizedUsername) || ids.Contains(u.Id))
            .Select(u => new Known(u.Id, u.NormalizedUsername))
            .ToListAsync(cancellationToken);
        return Ids(names, found, field, "api-user-unknown", problems);
    }

    /// <summary>The same for applications, by slug or id.</summary>
    public async Task<IReadOnlyCollection<Guid>?> ApplicationsAsync(
        IReadOnlyList<string>? names,
        string field,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (names is not { Count: > 0 })
        {
            return names is null ? null : [];
        }
        var (slugs, ids) = (names.Select(n => n.ToLowerInvariant()).ToList(), Sought(names).Ids);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db
            .Applications.Where(a => slugs.Contains(a.Slug) || ids.Contains(a.Id))
            .Select(a => new { a.Id, a.Slug })
            .ToListAsync(cancellationToken);
        return Ids(
            names,
            found.ConvertAll(a => new Known(a.Id, UserRules.Normalize(a.Slug))),
            field,
            "api-application-unknown",
            problems
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

    private static (List<string> Normalized, List<Guid> Ids) Sought(IReadOnlyList<string> names) =>
        (
            [.. names.Select(UserRules.Normalize)],
            [.. names.Select(n => Guid.TryParse(n, out var id) ? id : Guid.Empty)]
        );

    private static List<Guid> Ids(
        IReadOnlyList<string> names,
        List<Known> found,
        string field,
        string unknown,
        List<Problem> problems
    )
    {
        var byName = found.ToDictionary(f => f.Name, f => f.Id, StringComparer.Ordinal);
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
