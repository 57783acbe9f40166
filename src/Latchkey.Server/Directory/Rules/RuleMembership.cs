using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Rules;

/// <summary>Holds rules and members together: when a user changes, against every rule; when a rule changes, against every user, a batch at a time.</summary>
internal sealed class RuleMembership(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    private const int Batch = 200;

    /// <summary>So many users are looked at before the page comes back; the rest follows in the background.</summary>
    private const int BatchesAtOnce = 10;

    /// <summary>
    /// Saves users who were made or changed, with the memberships that the rules give them. The rules are read when none of them can
    /// change any more before this is saved: otherwise a new rule could pass by the user as it was, and the new user by the rule as it was.
    /// </summary>
    public async Task SaveAsync(LatchkeyDbContext db, CancellationToken cancellationToken)
    {
        var users = db
            .ChangeTracker.Entries<User>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified)
            .Select(entry => entry.Entity)
            .ToList();
        if (users.Count == 0)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }
        await using var transaction = await db.Database.BeginOrJoinAsync(cancellationToken);
        await RuleLock.ShareAsync(db, cancellationToken);
        await FollowAsync(db, users, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Joins and leaves what the rules say of these users. The caller saves.</summary>
    private async Task FollowAsync(
        LatchkeyDbContext db,
        IReadOnlyList<User> users,
        CancellationToken cancellationToken
    )
    {
        var groups = await db
            .Groups.AsNoTracking()
            .Where(g => g.Rule != null)
            .ToListAsync(cancellationToken);
        if (groups.Count == 0)
        {
            return;
        }
        var ids = users.Select(u => u.Id).ToList();
        await db
            .GroupMembers.Where(m =>
                ids.Contains(m.UserId) && db.Groups.Any(g => g.Id == m.GroupId && g.Rule != null)
            )
            .LoadAsync(cancellationToken);
        // Also a membership that is about to be saved.
        var rows = db.GroupMembers.Local.ToDictionary(m => (m.GroupId, m.UserId));
        foreach (var user in users)
        {
            foreach (var group in groups)
            {
                Follow(db, group, user, rows.GetValueOrDefault((group.Id, user.Id)));
            }
        }
    }

    /// <summary>Goes on where a changed rule was left.</summary>
    /// <returns>Whether the rule has now seen everybody.</returns>
    public async Task<bool> CatchUpAsync(
        Guid groupId,
        CancellationToken cancellationToken,
        int batches = BatchesAtOnce
    )
    {
        for (var i = 0; i < batches; i++)
        {
            if (await BatchAsync(groupId, cancellationToken))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The groups whose rules have not seen everybody yet.</summary>
    public async Task<IReadOnlyList<Guid>> BehindAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.Where(g => g.RuleCursor != null)
            .Select(g => g.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>One batch and the cursor behind it are one transaction; of two nodes at the same batch one finds the cursor moved and does nothing.</summary>
    private async Task<bool> BatchAsync(Guid groupId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginOrJoinAsync(cancellationToken);
        var group = await db
            .Groups.AsNoTracking()
            .SingleOrDefaultAsync(g => g.Id == groupId, cancellationToken);
        if (group?.RuleCursor is not { } cursor)
        {
            return true;
        }
        var users = await db
            .Users.AsNoTracking()
            .Where(u => u.Id.CompareTo(cursor) > 0)
            .OrderBy(u => u.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        Guid? next = users.Count == 0 ? null : users[^1].Id;
        if (!await MoveAsync(db, group, next, cancellationToken))
        {
            return false;
        }
        var ids = users.Select(u => u.Id).ToList();
        var rows = await db
            .GroupMembers.Where(m => m.GroupId == groupId && ids.Contains(m.UserId))
            .ToDictionaryAsync(m => m.UserId, cancellationToken);
        foreach (var user in users)
        {
            Follow(db, group, user, rows.GetValueOrDefault(user.Id));
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next is null;
    }

    /// <summary>Moves the cursor on, unless another node did, or the group was changed since it was read: then the batch was of another rule.</summary>
    internal static async Task<bool> MoveAsync(
        LatchkeyDbContext db,
        Group read,
        Guid? next,
        CancellationToken cancellationToken
    ) =>
        await db
            .Groups.Where(g =>
                g.Id == read.Id && g.Version == read.Version && g.RuleCursor == read.RuleCursor
            )
            .ExecuteUpdateAsync(g => g.SetProperty(x => x.RuleCursor, next), cancellationToken)
        == 1;

    private void Follow(LatchkeyDbContext db, Group group, User user, GroupMember? row)
    {
        var holds = group.Rule?.Holds(user) == true;
        if (holds && row?.ByRule != true)
        {
            Membership.Add(db, events, group, user, row, MembershipReason.Rule, time.GetUtcNow());
        }
        else if (!holds && row?.ByRule == true)
        {
            Membership.Remove(db, events, group, user, row, MembershipReason.Rule);
        }
    }
}
