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

    /// <summary>
    /// Begins setting up: the secret to show. Begun a moment ago in the same place and not finished, it is the same one, so that a page opened
    /// twice does not undo what the app has read already. Begun elsewhere it is a new one, and the other is worth nothing any
    /// more: a thief of the password must not hold the secret that the owner then confirms.
    /// </summary>
    /// <param name="userId">Who.</param>
    /// <param name="place">The session or the sign-in under way.</param>
    /// <param name="begun">Written if a new secret is made.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Null when the user has a working one.</returns>
    public async Task<byte[]?> BeginAsync(
        Guid userId,
        Guid place,
        Event begun,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await database
            .Authenticators.AsNoTracking()
            .SingleOrDefaultAsync(a => a.UserId == userId, ct);
        if (found?.ConfirmedAt is not null)
            return null;
        if (found is not null && IsOffered(found, place))
            return Protector(userId).Unprotect(found.ProtectedSecret);
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretLength);
        var kept = Protector(userId).Protect(secret);
        var isMine = found is null
            ? await AddAsync(database, userId, place, kept, begun, ct)
            : await RenewAsync(database, found, place, kept, begun, ct);
        // The same page opened twice at once: the other's secret counts.
        return isMine ? secret : await BeginAsync(userId, place, begun, ct);
    }

    private async Task<bool> AddAsync(
        LatchkeyDbContext database,
        Guid userId,
        Guid place,
        byte[] secret,
        Event begun,
        CancellationToken ct
    )
    {
        database.Authenticators.Add(
            new()
            {
                UserId = userId,
                ProtectedSecret = secret,
                CreatedAt = time.GetUtcNow(),
                BegunIn = place,
            }
        );
        database.Events.Add(begun);
        try
        {
            await database.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            database.ChangeTracker.Clear();
            if (!await database.Authenticators.AnyAsync(a => a.UserId == userId, ct))
                throw;
            return false;
        }
    }

    /// <summary>Puts a new secret in the place of one that was shown elsewhere or long ago, and what was wrongly typed of that one is forgotten with it.</summary>
    private async Task<bool> RenewAsync(
        LatchkeyDbContext database,
        Authenticator shown,
        Guid place,
        byte[] secret,
        Event begun,
        CancellationToken ct
    )
    {
        Guid? begunIn = place;
        var now = time.GetUtcNow();
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var renewed = await database
            .Authenticators.Where(a =>
                a.UserId == shown.UserId
                && a.ConfirmedAt == null
                && a.CreatedAt == shown.CreatedAt
                && a.BegunIn == shown.BegunIn
            )
            .ExecuteUpdateAsync(
                a =>
                    a.SetProperty(x => x.ProtectedSecret, secret)
                        .SetProperty(x => x.CreatedAt, now)
                        .SetProperty(x => x.BegunIn, begunIn)
                        .SetProperty(x => x.FailedCount, 0)
                        .SetProperty(x => x.LockedUntil, (DateTimeOffset?)null),
                ct
            );
        if (renewed == 0)
            return false;
        database.Events.Add(begun);
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Finishes setting up, by the first code.</summary>
    /// <param name="database">Whose transaction the caller commits, whatever the verdict: a wrong code counts too.</param>
    /// <param name="userId">Who.</param>
    /// <param name="place">The session or the sign-in under way in which it was begun.</param>
    /// <param name="code">Six digits.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<FactorVerdict> ConfirmAsync(
        LatchkeyDbContext database,
        Guid userId,
        Guid place,
        string code,
        CancellationToken ct
    )
    {
        var found = await FindAsync(database, userId, ct);
        return found is { ConfirmedAt: null } && IsOffered(found, place)
            ? await TakeAsync(database, found, code, ct)
            : FactorVerdict.Wrong;
    }

    /// <summary>Checks a code at a sign-in. It counts once (no replay), and wrong ones lock the app's codes for a while.</summary>
    public async Task<FactorVerdict> VerifyAsync(Guid userId, string code, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await FindAsync(database, userId, ct) is { ConfirmedAt: not null } found
            ? await TakeAsync(database, found, code, ct)
            : FactorVerdict.Wrong;
    }

    /// <summary>Whether a secret is the one that is shown here, and not for so long that others may know it by now.</summary>
    private bool IsOffered(Authenticator shown, Guid place) =>
        shown.BegunIn == place && time.GetUtcNow() - shown.CreatedAt < limits.StateLifetime;

    private static Task<Authenticator?> FindAsync(
        LatchkeyDbContext database,
        Guid userId,
        CancellationToken ct
    ) => database.Authenticators.AsNoTracking().SingleOrDefaultAsync(a => a.UserId == userId, ct);

    private async Task<FactorVerdict> TakeAsync(
        LatchkeyDbContext database,
        Authenticator found,
        string code,
        CancellationToken ct
    )
    {
        var (userId, now) = (found.UserId, time.GetUtcNow());
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
            .Authenticators.Where(a =>
                a.UserId == userId && a.LastStep < step && a.BegunIn == found.BegunIn
            )
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
