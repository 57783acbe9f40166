using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans who may sign in to the applications of a declaration: groups, and users alone.</summary>
internal sealed class AccessPlanner(
    LatchkeyDbContext database,
    DeclaredState state,
    CancellationToken cancellationToken
)
{
    private readonly HashSet<string> _groups =
    [
        .. state.Groups.Select(g => UserRules.Normalize(g.Name)),
    ];

    private readonly HashSet<string> _users =
    [
        .. state.Users.Select(u => UserRules.Normalize(u.Username)),
    ];

    /// <summary>Whether every group and user is in the file or stored.</summary>
    public async Task CheckAsync(DeclaredApplication declared, List<Problem> found)
    {
        foreach (var group in declared.Groups ?? [])
        {
            var normalized = UserRules.Normalize(group);
            if (
                !_groups.Contains(normalized)
                && !await database.Groups.AnyAsync(
                    g => g.NormalizedName == normalized,
                    cancellationToken
                )
            )
            {
                found.Add(new Problem("declaration-group-unknown", "groups", group));
            }
        }
        foreach (var user in declared.Users ?? [])
        {
            var normalized = UserRules.Normalize(user);
            if (
                !_users.Contains(normalized)
                && !await database.Users.AnyAsync(
                    u => u.NormalizedUsername == normalized,
                    cancellationToken
                )
            )
            {
                found.Add(new Problem("declaration-user-unknown", "users", user));
            }
        }
    }

    /// <summary>Adds what would change in who may sign in.</summary>
    public async Task AddChangesAsync(
        DeclaredApplication declared,
        Application? existing,
        List<FieldChange> changes
    )
    {
        if (declared.Groups is { } groups)
        {
            var current = existing is null
                ? []
                : await database
                    .ApplicationGroups.Where(g => g.ApplicationId == existing.Id)
                    .Join(database.Groups, a => a.GroupId, g => g.Id, (_, g) => g.Name)
                    .ToListAsync(cancellationToken);
            Add("groups", current, groups, changes);
        }
        if (declared.Users is { } users)
        {
            var current = existing is null
                ? []
                : await database
                    .ApplicationUsers.Where(u => u.ApplicationId == existing.Id)
                    .Join(database.Users, a => a.UserId, u => u.Id, (_, u) => u.Username)
                    .ToListAsync(cancellationToken);
            Add("users", current, users, changes);
        }
    }

    private static void Add(
        string field,
        List<string> current,
        IReadOnlyList<string> wanted,
        List<FieldChange> changes
    )
    {
        if (!current.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(wanted))
        {
            changes.Add(new FieldChange(field, Sorted(current), Sorted(wanted)));
        }
    }

    private static string? Sorted(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? null : string.Join(", ", names.Order(StringComparer.Ordinal));
}
