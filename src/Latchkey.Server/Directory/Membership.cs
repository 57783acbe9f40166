using Latchkey.Server.Insights;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory;

/// <summary>A user joins a group or leaves it, and an event tells of it.</summary>
internal static class Membership
{
    /// <param name="db">Saved by the caller.</param>
    /// <param name="events">Makes the event.</param>
    /// <param name="group">Which group.</param>
    /// <param name="user">Who.</param>
    /// <param name="row">The membership that ends; null if one begins.</param>
    /// <param name="now">The time.</param>
    public static void Change(
        LatchkeyDbContext db,
        EventRecorder events,
        Group group,
        User user,
        GroupMember? row,
        DateTimeOffset now
    )
    {
        if (row is null)
        {
            db.GroupMembers.Add(
                new GroupMember
                {
                    GroupId = group.Id,
                    UserId = user.Id,
                    AddedAt = now,
                }
            );
        }
        else
        {
            db.GroupMembers.Remove(row);
        }
        db.Events.Add(
            events.New(
                EventTypes.AssociationChange,
                success: true,
                new EventSubject("group", group.Id, group.Name),
                new
                {
                    operation = row is null ? "add" : "remove",
                    user_id = user.Id,
                    user = user.Username,
                }
            )
        );
    }
}
