using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>Makes, changes, deletes and finds groups; <see cref="GroupMembers"/> puts users in. What a call changes and the events that tell of it are one transaction.</summary>
internal sealed class GroupService(
    IDbContextFactory<LatchkeyDbContext> databases,
    RuleMembership rules,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Makes a group, with the members its rule brings.</summary>
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
        var problems = GroupChanges.Fill(group, input, time.GetUtcNow());
        await CheckAgainstOthersAsync(db, group, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Group>.Failed(problems);
        }
        group.RuleCursor = group.Rule is null ? null : Guid.Empty;
        db.Groups.Add(group);
        var changes = FieldChange.New(GroupChanges.Snapshot(group));
        Record(db, EventTypes.GroupCreate, group, new { changes });
        return await SaveAsync(db, group, group.Rule is not null, cancellationToken);
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
        var before = GroupChanges.Snapshot(group);
        var rule = group.Rule;
        var problems = GroupChanges.Fill(group, input, time.GetUtcNow());
        await CheckAgainstOthersAsync(db, group, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Group>.Failed(problems);
        }
        var changes = FieldChange.Between(before, GroupChanges.Snapshot(group));
        var isRuled = group.Rule != rule;
        if (isRuled)
        {
            // Also where there is none any more: whom it brought in has to leave. Written whatever was read: a batch of the rule before may
            // have moved on meanwhile.
            group.RuleCursor = Guid.Empty;
            db.Entry(group).Property(g => g.RuleCursor).IsModified = true;
        }
        if (isRuled && !changes.Exists(c => c.Field == "rule"))
        {
            // Two rules that read the same.
            changes.Add(new FieldChange("rule", rule?.ToString(), group.Rule?.ToString()));
        }
        if (changes.Count > 0)
        {
            group.UpdatedAt = time.GetUtcNow();
            Record(db, EventTypes.GroupUpdate, group, new { changes });
        }
        return await SaveAsync(db, group, isRuled, cancellationToken);
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
        var changes = FieldChange.Gone(GroupChanges.Snapshot(group));
        db.Groups.Remove(group);
        Record(
            db,
            EventTypes.GroupDelete,
            group,
            new
            {
                changes,
                members,
                applications,
            }
        );
        return await SaveAsync(db, group, group.Rule is not null, cancellationToken);
    }

    public async Task<Group?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .SingleOrDefaultAsync(g => g.Id == id, cancellationToken);
    }

    /// <summary>The group of that name, whatever its case.</summary>
    /// <summary>The groups to choose from on a page.</summary>
    public async Task<GroupChoices> ChoicesAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await db
            .Groups.OrderBy(g => g.NormalizedName)
            .Select(g => new GroupChoice(g.Id, g.Name))
            .Take(GroupChoices.Most + 1)
            .ToListAsync(cancellationToken);
        return all.Count > GroupChoices.Most ? new([], true) : new(all, false);
    }

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

    /// <param name="db">Holds the change.</param>
    /// <param name="group">Which group.</param>
    /// <param name="isRuled">Whether a rule comes, changes or goes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async Task<Outcome<Group>> SaveAsync(
        LatchkeyDbContext db,
        Group group,
        bool isRuled,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var transaction = await db.Database.BeginOrJoinAsync(cancellationToken);
            if (isRuled)
            {
                await RuleLock.TakeAsync(db, cancellationToken);
            }
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("group-changed", "");
        }
        catch (DbUpdateException)
        {
            // Somebody took the name between the look and the write.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var problems = new List<Problem>();
            await CheckAgainstOthersAsync(again, group, problems, cancellationToken);
            return problems.Count > 0
                ? Outcome<Group>.Failed(problems)
                : new Problem("group-changed", "");
        }
        if (group.RuleCursor is not null)
        {
            await rules.CatchUpAsync(group.Id, cancellationToken);
        }
        return group;
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
}
