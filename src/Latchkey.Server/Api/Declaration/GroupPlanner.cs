using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the groups of a declaration and their members.</summary>
internal sealed class GroupPlanner(
    LatchkeyDbContext database,
    DeclarationProblems problems,
    CancellationToken cancellationToken
)
{
    public async Task<IReadOnlyList<PlannedGroup>> PlanAsync(DeclaredState state)
    {
        var usersOfFile = state.Users.Select(u => UserRules.Normalize(u.Username)).ToHashSet();
        var planned = new List<PlannedGroup>();
        foreach (var declared in state.Groups)
        {
            planned.Add(await PlanAsync(declared, usersOfFile));
        }
        return planned;
    }

    private async Task<PlannedGroup> PlanAsync(DeclaredGroup declared, HashSet<string> usersOfFile)
    {
        var normalized = UserRules.Normalize(declared.Name);
        var existing = await database
            .Groups.AsNoTracking()
            .SingleOrDefaultAsync(g => g.NormalizedName == normalized, cancellationToken);
        var start = existing is null ? new GroupInput() : GroupInput.From(existing);
        var input = declared.Over(start);
        var result = new Group
        {
            Name = "",
            NormalizedName = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
        foreach (var problem in GroupChanges.Fill(result, input, default))
        {
            problems.Add(
                DeclarationLines.Find(declared.Lines, problem.Where, declared.Line),
                problem
            );
        }
        var after = GroupChanges.Snapshot(result);
        var changes = existing is null
            ? FieldChange.New(after)
            : FieldChange.Between(GroupChanges.Snapshot(existing), after);
        if (declared.Members is { } members)
        {
            await CheckMembersAsync(declared, members, usersOfFile);
            AddChange(changes, await CurrentMembersAsync(existing), members);
        }
        return new PlannedGroup(declared, existing, input, changes);
    }

    private async Task CheckMembersAsync(
        DeclaredGroup declared,
        IReadOnlyList<string> members,
        HashSet<string> usersOfFile
    )
    {
        foreach (var member in members)
        {
            var normalized = UserRules.Normalize(member);
            if (
                !usersOfFile.Contains(normalized)
                && !await database.Users.AnyAsync(
                    u => u.NormalizedUsername == normalized,
                    cancellationToken
                )
            )
            {
                var line = DeclarationLines.Find(declared.Lines, "members", declared.Line);
                problems.Add(line, "declaration-user-unknown", member);
            }
        }
    }

    private async Task<List<string>> CurrentMembersAsync(Group? group) =>
        group is null
            ? []
            : await database
                .GroupMembers.Where(m => m.GroupId == group.Id && m.ByHand)
                .Join(database.Users, m => m.UserId, u => u.Id, (_, u) => u.Username)
                .ToListAsync(cancellationToken);

    private static void AddChange(
        List<FieldChange> changes,
        IReadOnlyList<string> current,
        IReadOnlyList<string> wanted
    )
    {
        if (!current.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(wanted))
        {
            changes.Add(new FieldChange("members", Names(current), Names(wanted)));
        }
    }

    private static string? Names(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : string.Join(", ", names.Order(StringComparer.Ordinal));
}
