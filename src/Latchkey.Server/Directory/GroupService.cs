using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>The one place where groups and their members change. What a call changes and the events that tell of it are one transaction.</summary>
internal sealed class GroupService(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    private const int LongestName = 256;
    private const int LongestDescription = 4096;

    /// <summary>Makes a group without members.</summary>
    public async Task<Outcome<Group>> CreateAsync(
        GroupInput input,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var group = new Group
        {
            Name = "",
            NormalizedName = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        var problems = Fill(group, input);
        await CheckAgainstOthersAsync(db, group, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Group>.Failed(problems);
        }
        db.Groups.Add(group);
        var changes = FieldChange.New(Snapshot(group));
        Record(db, EventTypes.GroupCreate, group, new { changes });
        return await SaveAsync(db, group, cancellationToken);
    }

    /// <summary>Makes a group what the input says.</summary>
    /// <param name="id">Which.</param>
    /// <param name="input">The whole group.</param>
    /// <param name="version">The version that was looked at; null to change whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<Group>> UpdateAsync(
        Guid id,
        GroupInput input,
        long? version,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
        if (group is null)
        {
            return new Problem("group-missing", "");
        }
        if (version is not null && group.Version != version)
        {
            return new Problem("group-changed", "");
        }
        var before = Snapshot(group);
        var problems = Fill(group, input);
        await CheckAgainstOthersAsync(db, group, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Group>.Failed(problems);
        }
        var changes = FieldChange.Between(before, Snapshot(group));
        if (changes.Count > 0)
        {
            group.UpdatedAt = time.GetUtcNow();
            Record(db, EventTypes.GroupUpdate, group, new { changes });
        }
        return await SaveAsync(db, group, cancellationToken);
    }

    /// <summary>Deletes a group, its memberships and the access it gave. Events stay.</summary>
    public async Task<Outcome<Group>> DeleteAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
        if (group is null)
        {
            return new Problem("group-missing", "");
        }
        var members = await db.GroupMembers.CountAsync(m => m.GroupId == id, cancellationToken);
        var applications = await db
            .ApplicationGroups.Where(g => g.GroupId == id)
            .Join(db.Applications, g => g.ApplicationId, a => a.Id, (_, a) => a.Label)
            .ToListAsync(cancellationToken);
        db.Groups.Remove(group);
        Record(db, EventTypes.GroupDelete, group, new { members, applications });
        return await SaveAsync(db, group, cancellationToken);
    }

    /// <summary>Makes these users the members, all of them and no others.</summary>
    public async Task<Outcome<Group>> SetMembersAsync(
        Guid groupId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db
            .GroupMembers.Where(m => m.GroupId == groupId)
            .ToListAsync(cancellationToken);
        var leaving = rows.Where(m => !userIds.Contains(m.UserId)).ToList();
        var joining = userIds.Except(rows.Select(m => m.UserId)).ToList();
        return await ChangeMembersAsync(db, groupId, joining, leaving, cancellationToken);
    }

    /// <summary>Adds one member; nothing happens if it is one.</summary>
    public async Task<Outcome<Group>> AddMemberAsync(
        Guid groupId,
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isMember = await db.GroupMembers.AnyAsync(
            m => m.GroupId == groupId && m.UserId == userId,
            cancellationToken
        );
        return await ChangeMembersAsync(
            db,
            groupId,
            isMember ? [] : [userId],
            [],
            cancellationToken
        );
    }

    /// <summary>Removes one member; nothing happens if it is none.</summary>
    public async Task<Outcome<Group>> RemoveMemberAsync(
        Guid groupId,
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var leaving = await db
            .GroupMembers.Where(m => m.GroupId == groupId && m.UserId == userId)
            .ToListAsync(cancellationToken);
        return await ChangeMembersAsync(db, groupId, [], leaving, cancellationToken);
    }

    public async Task<Group?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
    }

    /// <summary>The group of that name, whatever its case.</summary>
    public async Task<Group?> FindByNameAsync(
        string name,
        CancellationToken cancellationToken = default
    )
    {
        var normalized = UserRules.Normalize(name);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .SingleOrDefaultAsync(g => g.NormalizedName == normalized, cancellationToken);
    }

    internal static List<Problem> Fill(Group group, GroupInput input)
    {
        var problems = new List<Problem>();
        group.Name = UserRules.Text(input.Name, "name", problems, LongestName) ?? "";
        group.NormalizedName = UserRules.Normalize(group.Name);
        if (string.IsNullOrWhiteSpace(group.Name))
        {
            problems.Add(new Problem("group-name-missing", "name"));
        }
        group.Description = UserRules.Text(
            input.Description,
            "description",
            problems,
            LongestDescription,
            lines: true
        );
        return problems;
    }

    private static async Task CheckAgainstOthersAsync(
        LatchkeyDbContext db,
        Group group,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        var taken = await db.Groups.AnyAsync(
            g => g.Id != group.Id && g.NormalizedName == group.NormalizedName,
            cancellationToken
        );
        if (taken)
        {
            problems.Add(new Problem("group-name-taken", "name", group.Name));
        }
    }

    private async Task<Outcome<Group>> ChangeMembersAsync(
        LatchkeyDbContext db,
        Guid groupId,
        List<Guid> joining,
        List<GroupMember> leaving,
        CancellationToken cancellationToken
    )
    {
        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == groupId, cancellationToken);
        if (group is null)
        {
            return new Problem("group-missing", "");
        }
        List<Guid> touched = [.. joining, .. leaving.Select(m => m.UserId)];
        var users = await db
            .Users.AsNoTracking()
            .Where(u => touched.Contains(u.Id))
            .ToListAsync(cancellationToken);
        if (joining.Exists(id => !users.Exists(u => u.Id == id)))
        {
            return new Problem("user-missing", "members");
        }
        foreach (var user in users)
        {
            var row = leaving.Find(m => m.UserId == user.Id);
            Membership.Change(db, events, group, user, row, time.GetUtcNow());
        }
        return await SaveAsync(db, group, cancellationToken);
    }

    private async Task<Outcome<Group>> SaveAsync(
        LatchkeyDbContext db,
        Group group,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return group;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("group-changed", "");
        }
        catch (DbUpdateException)
        {
            // Somebody took the name or changed the same membership between the look and the write.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var problems = new List<Problem>();
            await CheckAgainstOthersAsync(again, group, problems, cancellationToken);
            return problems.Count > 0
                ? Outcome<Group>.Failed(problems)
                : new Problem("group-changed", "");
        }
    }

    private void Record(LatchkeyDbContext db, string type, Group group, object details) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                new EventSubject("group", group.Id, group.Name),
                details
            )
        );

    internal static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(Group group) =>
        [new("name", group.Name), new("description", group.Description)];
}
