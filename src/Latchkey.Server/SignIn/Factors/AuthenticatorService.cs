using System.Security.Cryptography;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Sets up, checks and removes authenticator apps. The secret is in the clear only in memory, and shown only while it is being set up.</summary>
internal sealed class AuthenticatorService(
    IDbContextFactory<LatchkeyDbContext> databases,
    IDataProtectionProvider protection,
    SignInLimits limits,
    TimeProvider time
)
{
    // Part of the key derivation: changing it makes every stored secret unreadable.
    private const string Purpose = "Latchkey.Server.SignIn.Authenticator.v1";

    /// <summary>Begins setting up: the secret to show. Begun a moment ago and not finished, it is the same one, so that a page opened twice does not undo what the app has read already.</summary>
    /// <param name="userId">Who.</param>
    /// <param name="begun">Written if a new secret is made.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Null when the user has a working one.</returns>
    public async Task<byte[]?> BeginAsync(Guid userId, Event begun, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await database.Authenticators.SingleOrDefaultAsync(a => a.UserId == userId, ct);
        if (found?.ConfirmedAt is not null)
            return null;
        if (found is not null && !HasRunOut(found))
            return Protector(userId).Unprotect(found.ProtectedSecret);
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretLength);
        var (kept, now) = (Protector(userId).Protect(secret), time.GetUtcNow());
        if (found is null)
        {
            database.Authenticators.Add(
                new()
                {
                    UserId = userId,
                    ProtectedSecret = kept,
                    CreatedAt = now,
                }
            );
        }
        else
        {
            (found.ProtectedSecret, found.CreatedAt) = (kept, now);
        }
        database.Events.Add(begun);
        try
        {
            await database.SaveChangesAsync(ct);
            return secret;
        }
        catch (DbUpdateException) when (found is null)
        {
            database.ChangeTracker.Clear();
            if (!await database.Authenticators.AnyAsync(a => a.UserId == userId, ct))
                throw;
            // The same page opened twice at once: the other's secret counts.
            return await BeginAsync(userId, begun, ct);
        }
    }

    /// <summary>Finishes setting up, by the first code.</summary>
    public Task<FactorVerdict> ConfirmAsync(Guid userId, string code, CancellationToken ct) =>
        TakeAsync(userId, code, confirm: true, ct);

    /// <summary>Checks a code at a sign-in. It counts once (no replay), and wrong ones lock the app's codes for a while.</summary>
    public Task<FactorVerdict> VerifyAsync(Guid userId, string code, CancellationToken ct) =>
        TakeAsync(userId, code, confirm: false, ct);

    /// <summary>Whether a secret was shown so long ago that others may know it by now.</summary>
    private bool HasRunOut(Authenticator shown) =>
        time.GetUtcNow() - shown.CreatedAt >= limits.StateLifetime;

    private async Task<FactorVerdict> TakeAsync(
        Guid userId,
        string code,
        bool confirm,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await database
            .Authenticators.AsNoTracking()
            .SingleOrDefaultAsync(a => a.UserId == userId, ct);
        if (found is null || found.ConfirmedAt is null != confirm || (confirm && HasRunOut(found)))
            return FactorVerdict.Wrong;
        // Counted before it is judged, so that many at once cannot outrun the lock.
        if (!await CountAsync(database, userId, now, ct))
            return FactorVerdict.Locked;
        var step = Totp.Match(
            Protector(userId).Unprotect(found.ProtectedSecret),
            code,
            now,
            found.LastStep
        );
        if (step is null)
            return FactorVerdict.Wrong;
        // Whoever comes second with the same code finds the step taken, on whichever node.
        DateTimeOffset? confirmed = found.ConfirmedAt ?? now;
        DateTimeOffset? used = now;
        var taken = await database
            .Authenticators.Where(a => a.UserId == userId && a.LastStep < step)
            .ExecuteUpdateAsync(
                a =>
                    a.SetProperty(x => x.LastStep, step.Value)
                        .SetProperty(x => x.ConfirmedAt, confirmed)
                        .SetProperty(x => x.LastUsedAt, used)
                        .SetProperty(x => x.FailedCount, 0)
                        .SetProperty(x => x.LockedUntil, (DateTimeOffset?)null),
                ct
            );
        return taken == 1 ? FactorVerdict.Right : FactorVerdict.Wrong;
    }

    /// <summary>Takes a try, which a right code gives back.</summary>
    /// <returns>False when there is none left for now.</returns>
    private async Task<bool> CountAsync(
        LatchkeyDbContext database,
        Guid userId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var threshold = limits.CodesBeforeLock;
        DateTimeOffset? end = now + limits.CodeLock;
        return await database
                .Authenticators.Where(a =>
                    a.UserId == userId && (a.LockedUntil == null || a.LockedUntil <= now)
                )
                .ExecuteUpdateAsync(
                    a =>
                        a.SetProperty(
                                x => x.LockedUntil,
                                x => x.FailedCount + 1 >= threshold ? end : x.LockedUntil
                            )
                            .SetProperty(
                                x => x.FailedCount,
                                x => x.FailedCount + 1 >= threshold ? 0 : x.FailedCount + 1
                            ),
                    ct
                ) == 1;
    }

    private IDataProtector Protector(Guid userId) =>
        protection.CreateProtector(Purpose, userId.ToString("N"));
}

/// <summary>What came of a code.</summary>
internal enum FactorVerdict
{
    Right,
    Wrong,

    /// <summary>Too many wrong ones; none is looked at for a while.</summary>
    Locked,
}
