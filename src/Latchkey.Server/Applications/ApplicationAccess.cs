using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>Grants applications to groups and to single users, with one event for each that comes or goes.</summary>
internal sealed class ApplicationAccess(EventRecorder events, TimeProvider time)
{
    /// <summary>Whether every group and user that is to be granted access is there.</summary>
    public static async Task CheckAsync(
        LatchkeyDbContext db,
        ApplicationInput input,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (input.GroupIds is { Count: > 0 } groups)
        {
            var known = await db.Groups.CountAsync(g => groups.Contains(g.Id), cancellationToken);
            if (known != groups.Distinct().Count())
            {
                problems.Add(new Problem("application-group-missing", "groups"));
            }
        }
        if (input.UserIds is { Count: > 0 } users)
        {
            var known = await db.Users.CountAsync(u => users.Contains(u.Id), cancellationToken);
            if (known != users.Distinct().Count())
            {
                problems.Add(new Problem("application-user-missing", "users"));
            }
        }
    }

    /// <summary>Makes the groups and users those of the input; what it does not say stays.</summary>
    public async Task ChangeAsync(
        LatchkeyDbContext db,
        Application application,
        ApplicationInput input,
        CancellationToken cancellationToken
    )
    {
        if (input.GroupIds is { } groups)
        {
            await ChangeGroupsAsync(db, application, groups, cancellationToken);
        }
        if (input.UserIds is { } users)
        {
            await ChangeUsersAsync(db, application, users, cancellationToken);
        }
    }

    private async Task ChangeGroupsAsync(
        LatchkeyDbContext db,
        Application application,
        IReadOnlyCollection<Guid> wanted,
        CancellationToken cancellationToken
    )
    {
        var bound = await db
            .ApplicationGroups.Where(g => g.ApplicationId == application.Id)
            .ToListAsync(cancellationToken);
        var gone = bound.Where(g => !wanted.Contains(g.GroupId)).ToList();
        var added = wanted.Except(bound.Select(g => g.GroupId)).ToList();
        db.ApplicationGroups.RemoveRange(gone);
        db.ApplicationGroups.AddRange(
            added.Select(id => new ApplicationGroup
            {
                ApplicationId = application.Id,
                GroupId = id,
                AddedAt = time.GetUtcNow(),
            })
        );
        List<Guid> touched = [.. gone.Select(g => g.GroupId), .. added];
        var names = await db
            .Groups.Where(g => touched.Contains(g.Id))
            .ToDictionaryAsync(g => g.Id, g => g.Name, cancellationToken);
        foreach (var id in touched)
        {
            Record(
                db,
                application,
                new
                {
                    operation = added.Contains(id) ? "add" : "remove",
                    group_id = id,
                    group = names.GetValueOrDefault(id),
                }
            );
        }
    }

    private async Task ChangeUsersAsync(
        LatchkeyDbContext db,
        Application application,
        IReadOnlyCollection<Guid> wanted,
        CancellationToken cancellationToken
    )
    {
        var bound = await db
            .ApplicationUsers.Where(u => u.ApplicationId == application.Id)
            .ToListAsync(cancellationToken);
        var gone = bound.Where(u => !wanted.Contains(u.UserId)).ToList();
        var added = wanted.Except(bound.Select(u => u.UserId)).ToList();
        db.ApplicationUsers.RemoveRange(gone);
        db.ApplicationUsers.AddRange(
            added.Select(id => new ApplicationUser
            {
                ApplicationId = application.Id,
                UserId = id,
                AddedAt = time.GetUtcNow(),
            })
        );
        List<Guid> touched = [.. gone.Select(u => u.UserId), .. added];
        var names = await db
            .Users.Where(u => touched.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, u => u.Username, cancellationToken);
        foreach (var id in touched)
        {
            Record(
                db,
                application,
                new
                {
                    operation = added.Contains(id) ? "add" : "remove",
                    user_id = id,
                    user = names.GetValueOrDefault(id),
                }
            );
        }
    }

    private void Record(LatchkeyDbContext db, Application application, object details) =>
        db.Events.Add(
            events.New(
                EventTypes.AssociationChange,
                success: true,
                subject: new EventSubject("application", application.Id, application.Label),
                details: details,
                applicationId: application.Id
            )
        );
}
