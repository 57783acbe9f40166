using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Ends exclusions from the second step whose date has come (J-119). From then on a sign-in asks for it anyway; what is done here says so in the record.</summary>
internal sealed class FactorExclusions(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    private const int Batch = 100;

    /// <summary>Ends what is due. The date is taken away in the transaction that writes the event, so that of several nodes one does it.</summary>
    /// <returns>How many exclusions were ended.</returns>
    public async Task<int> EndDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var look = await databases.CreateDbContextAsync(cancellationToken);
        var due = await look
            .FactorStandings.Where(s => s.ExcludedUntil <= now)
            .OrderBy(s => s.ExcludedUntil)
            .Take(Batch)
            .Join(
                look.Users,
                s => s.UserId,
                u => u.Id,
                (s, u) => new Over(u.Id, u.Username, s.ExcludedUntil!.Value)
            )
            .ToListAsync(cancellationToken);
        var done = 0;
        foreach (var over in due)
        {
            done += await EndAsync(over, cancellationToken) ? 1 : 0;
        }
        return done;
    }

    private async Task<bool> EndAsync(Over over, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var first = await db
            .FactorStandings.Where(s =>
                s.UserId == over.UserId && s.ExcludedUntil == over.ExcludedUntil
            )
            .ExecuteUpdateAsync(
                s => s.SetProperty(x => x.ExcludedUntil, (DateTimeOffset?)null),
                cancellationToken
            );
        if (first == 0)
        {
            return false;
        }
        db.Events.Add(
            events.New(
                EventTypes.UserMfaExclusionExpired,
                success: true,
                new("user", over.UserId, over.Username),
                new { over.ExcludedUntil },
                actor: new EventActor(null, "Latchkey")
            )
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed record Over(Guid UserId, string Username, DateTimeOffset ExcludedUntil);
}
