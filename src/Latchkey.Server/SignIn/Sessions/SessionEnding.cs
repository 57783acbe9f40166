using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>Ends sessions, for their users and for administrators: the rows and the event are one transaction, and every node refuses them at the next request.</summary>
internal sealed class SessionEnding(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Ends open sessions of a user. What ran out before has ended by itself, and nobody is told of it (S1-28).</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="only">Which; null for all.</param>
    /// <param name="but">Which one goes on; null for none.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <param name="reason">Why, where neither the user nor an administrator wished for it; one of <see cref="SessionEndReasons"/>.</param>
    /// <returns>How many ended.</returns>
    public async Task<int> EndAsync(
        Guid userId,
        Guid? only,
        Guid? but,
        CancellationToken ct,
        string? reason = null
    )
    {
        var now = time.GetUtcNow();
        DateTimeOffset? at = now;
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginOrJoinAsync(ct);
        var open = await OpenSessions.ReadAsync(db, now, ct);
        var ended = await open.Where(s =>
                s.UserId == userId && (only == null || s.Id == only) && (but == null || s.Id != but)
            )
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, at), ct);
        var username = await db
            .Users.Where(u => u.Id == userId)
            .Select(u => u.Username)
            .SingleOrDefaultAsync(ct);
        if (ended == 0 || username is null)
            return ended;
        db.Events.Add(
            events.New(
                EventTypes.SessionEnd,
                success: true,
                new("user", userId, username),
                new
                {
                    session_id = only,
                    all_but = but,
                    sessions = ended,
                    reason,
                }
            )
        );
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return ended;
    }
}

/// <summary>Why sessions ended that nobody ended by hand, as their event says it.</summary>
internal static class SessionEndReasons
{
    public const string PasswordChanged = "password_changed";
    public const string StateChanged = "state_changed";
    public const string UserDeleted = "user_deleted";
    public const string RoleGranted = "role_granted";

    /// <summary>Somebody else signed in in the same browser.</summary>
    public const string OtherUser = "other_user";
}
