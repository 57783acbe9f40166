using Latchkey.Server.Insights;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory;

/// <summary>Why somebody is in a group.</summary>
internal enum MembershipReason
{
    Hand,
    Rule,
}

/// <summary>A user joins a group or leaves it, or has one reason more or less to be in, and an event tells of it. The caller saves.</summary>
internal static class Membership
{
    /// <summary>Gives a reason to be in; who is in already for another reason now has both.</summary>
    public static void Add(
        LatchkeyDbContext db,
        EventRecorder events,
        Group group,
        User user,
        GroupMember? row,
        MembershipReason reason,
        DateTimeOffset now
    )
    {
        if (row is not null)
        {
            if (Has(row, reason))
            {
                return;
            }
            row.ByHand |= reason == MembershipReason.Hand;
            row.ByRule |= reason == MembershipReason.Rule;
            Record(db, events, group, user, "add_reason", reason);
            return;
        }
        db.GroupMembers.Add(
            new GroupMember
            {
                GroupId = group.Id,
                UserId = user.Id,
                AddedAt = now,
                ByHand = reason == MembershipReason.Hand,
                ByRule = reason == MembershipReason.Rule,
            }
        );
        Record(db, events, group, user, "add", reason);
    }

    /// <summary>Takes a reason away; who has none left leaves.</summary>
    public static void Remove(
        LatchkeyDbContext db,
        EventRecorder events,
        Group group,
        User user,
        GroupMember row,
        MembershipReason reason
    )
    {
        if (!Has(row, reason))
        {
            return;
        }
        row.ByHand &= reason != MembershipReason.Hand;
        row.ByRule &= reason != MembershipReason.Rule;
        if (row.ByHand || row.ByRule)
        {
            Record(db, events, group, user, "remove_reason", reason);
            return;
        }
        db.GroupMembers.Remove(row);
        Record(db, events, group, user, "remove", reason);
    }

    private static bool Has(GroupMember row, MembershipReason reason) =>
        reason == MembershipReason.Hand ? row.ByHand : row.ByRule;

    private static void Record(
        LatchkeyDbContext db,
        EventRecorder events,
        Group group,
        User user,
        string operation,
        MembershipReason reason
    ) =>
        db.Events.Add(
            events.New(
                EventTypes.AssociationChange,
                success: true,
                new EventSubject("group", group.Id, group.Name),
                new
                {
                    operation,
                    reason,
                    user_id = user.Id,
                    user = user.Username,
                }
            )
        );
}
