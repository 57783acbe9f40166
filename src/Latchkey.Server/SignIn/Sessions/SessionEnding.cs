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
    /// <summary>Ends open sessions of a user.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="only">Which; null for all.</param>
    /// <param name="but">Which one goes on; null for none.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>How many ended.</returns>
    public async Task<int> EndAsync(Guid userId, Guid? only, Guid? but, CancellationToken ct)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var ended = await db
            .Sessions.Where(s =>
                s.UserId == userId
                && s.EndedAt == null
                && (only == null || s.Id == only)
                && (but == null || s.Id != but)
            )
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), ct);
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
                }
            )
        );
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return ended;
    }
}
