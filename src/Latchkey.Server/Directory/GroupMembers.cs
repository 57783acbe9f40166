using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>Puts users into groups and takes them out, by hand. Whom a rule brought in, only the rule lets go.</summary>
internal sealed class GroupMembers(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Makes these users the members by hand, all of them and no others.</summary>
    public async Task<Outcome<Group>> SetAsync(
        Guid groupId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var current = await db
            .GroupMembers.Where(m => m.GroupId == groupId && m.ByHand)
            .Select(m => m.UserId)
            .ToListAsync(cancellationToken);
        return await ChangeAsync(
            db,
            groupId,
            [.. userIds.Except(current)],
            [.. current.Except(userIds)],
            cancellationToken
        );
    }

    /// <summary>Adds users; nothing happens to those who are in by hand already.</summary>
    public async Task<Outcome<Group>> AddAsync(
        Guid groupId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ChangeAsync(db, groupId, userIds, [], cancellationToken);
    }

    /// <summary>Removes users; nothing happens to those who are not in.</summary>
    public async Task<Outcome<Group>> RemoveAsync(
        Guid groupId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var byRule = await db
            .GroupMembers.Where(m =>
                m.GroupId == groupId && userIds.Contains(m.UserId) && m.ByRule && !m.ByHand
            )
            .Join(db.Users, m => m.UserId, u => u.Id, (_, u) => u.Username)
            .Order()
            .FirstOrDefaultAsync(cancellationToken);
        return byRule is not null
            ? new Problem("member-by-rule", "members", byRule)
            : await ChangeAsync(db, groupId, [], userIds, cancellationToken);
    }

    private async Task<Outcome<Group>> ChangeAsync(
        LatchkeyDbContext db,
        Guid groupId,
        IReadOnlyCollection<Guid> joining,
        IReadOnlyCollection<Guid> leaving,
        CancellationToken cancellationToken
    )
    {
        var group = await db.Groups.SingleOrDefaultAsync(g => g.Id == groupId, cancellationToken);
        if (group is null)
        {
            return new Problem("group-missing", "");
        }
        List<Guid> touched = [.. joining, .. leaving];
        var users = await db
            .Users.AsNoTracking()
            .Where(u => touched.Contains(u.Id))
            .ToListAsync(cancellationToken);
        if (joining.Any(id => !users.Exists(u => u.Id == id)))
        {
            return new Problem("user-missing", "members");
        }
        var rows = await db
            .GroupMembers.Where(m => m.GroupId == groupId && touched.Contains(m.UserId))
            .ToDictionaryAsync(m => m.UserId, cancellationToken);
        foreach (var user in users)
        {
            var row = rows.GetValueOrDefault(user.Id);
            if (joining.Contains(user.Id))
            {
                Membership.Add(
                    db,
                    events,
                    group,
                    user,
                    row,
                    MembershipReason.Hand,
                    time.GetUtcNow()
                );
            }
            else if (row is not null)
            {
                Membership.Remove(db, events, group, user, row, MembershipReason.Hand);
            }
        }
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return group;
        }
        catch (DbUpdateException)
        {
            // Somebody deleted the group or changed the same membership between the look and the write.
            return new Problem("group-changed", "");
        }
    }
}
