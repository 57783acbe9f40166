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

    /// <summary>The groups that have a rule.</summary>
    public static Task<List<Group>> GroupsAsync(
        LatchkeyDbContext db,
        CancellationToken cancellationToken
    ) => db.Groups.AsNoTracking().Where(g => g.Rule != null).ToListAsync(cancellationToken);

    /// <summary>A user was made or changed: joins and leaves what the rules say. The caller saves.</summary>
    public async Task FollowAsync(
        LatchkeyDbContext db,
        User user,
        IReadOnlyList<Group> groups,
        CancellationToken cancellationToken
    )
    {
        if (groups.Count == 0)
        {
            return;
        }
        var ids = groups.Select(g => g.Id).ToList();
        await db
            .GroupMembers.Where(m => m.UserId == user.Id && ids.Contains(m.GroupId))
            .LoadAsync(cancellationToken);
        foreach (var group in groups)
        {
            Follow(db, group, user, Row(db, group, user));
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
        var moved = await db
            .Groups.Where(g => g.Id == groupId && g.RuleCursor == cursor)
            .ExecuteUpdateAsync(g => g.SetProperty(x => x.RuleCursor, next), cancellationToken);
        if (moved == 0)
        {
            return false;
        }
        var ids = users.Select(u => u.Id).ToList();
        await db
            .GroupMembers.Where(m => m.GroupId == groupId && ids.Contains(m.UserId))
            .LoadAsync(cancellationToken);
        foreach (var user in users)
        {
            Follow(db, group, user, Row(db, group, user));
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next is null;
    }

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

    /// <summary>Also a membership that is about to be saved.</summary>
    private static GroupMember? Row(LatchkeyDbContext db, Group group, User user) =>
        db.GroupMembers.Local.FirstOrDefault(m => m.GroupId == group.Id && m.UserId == user.Id);
}
