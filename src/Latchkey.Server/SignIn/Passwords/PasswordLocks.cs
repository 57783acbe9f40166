using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>
/// Counts wrong passwords for one account, by where they come from, on all nodes together (J-70). So many from one address
/// lock the account for that address; it is locked everywhere only when several addresses are at it, or where the policy
/// says so. A browser the user has signed in from before is counted by itself and let through either way.
/// </summary>
internal sealed class PasswordLocks(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>So many times the tries of one address lock the account everywhere.</summary>
    private const int Addresses = 4;

    /// <summary>Takes one try before the password is looked at.</summary>
    public async Task<LockAnswer> TakeAsync(User user, SignInOrigin origin)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = time.GetUtcNow();
        var known = origin.IsKnownTo(user.Id);
        if (user.LockoutEnd > now && !known)
            return new(Allowed: false);
        var rules = (await PolicySet.OfAsync(db, user.Id, CancellationToken.None)).Rules;
        var key = origin.KeyFor(user.Id);
        if (!await CountAsync(db, user.Id, key, rules, now))
            return new(Allowed: false);
        await db
            .Users.Where(u => u.Id == user.Id)
            .ExecuteUpdateAsync(u =>
                u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount + 1)
            );
        var since = now.AddMinutes(-rules.ResetTriesMinutes);
        var recent = await db
            .PasswordTries.AsNoTracking()
            .Where(t => t.UserId == user.Id && (t.LastAt > since || t.LockedUntil > now))
            .OrderByDescending(t => t.LastAt)
            .Take(Addresses * rules.MaxTries)
            .ToListAsync();
        var here = recent.Find(t => t.Origin == key)?.LockedUntil > now;
        var total = recent.Sum(t => t.LockedUntil > now ? rules.MaxTries : t.Count);
        // What is tried in a browser of the user's own is no attack from everywhere.
        var everywhere =
            !known && total >= (rules.LocksEverywhere ? 1 : Addresses) * rules.MaxTries;
        if (everywhere)
            await LockAsync(db, user.Id, now.AddMinutes(rules.LockoutMinutes));
        return new(Allowed: true, LocksNow: here || everywhere);
    }

    /// <summary>The right password came from there: what was wrong before is forgotten.</summary>
    /// <param name="lockedNow">Whether the count of this very try locked the account.</param>
    public async Task ForgetAsync(
        Guid userId,
        SignInOrigin origin,
        bool lockedNow,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        var key = origin.KeyFor(userId);
        await using var db = await databases.CreateDbContextAsync(ct);
        await db
            .PasswordTries.Where(t => t.UserId == userId && t.Origin == key)
            .ExecuteDeleteAsync(ct);
        // A lock against others stays, though this one got in by a browser that is known.
        await db
            .Users.Where(u =>
                u.Id == userId && u.LockoutEnd != null && (lockedNow || u.LockoutEnd <= now)
            )
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null), ct);
    }

    /// <summary>Where an account is locked now, and until when.</summary>
    public async Task<IReadOnlyList<PasswordTries>> OfAsync(Guid userId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db
            .PasswordTries.AsNoTracking()
            .Where(t => t.UserId == userId && t.LockedUntil > now)
            .OrderByDescending(t => t.LockedUntil)
            .ToListAsync(ct);
    }

    /// <summary>Counts a try unless the account is locked for its origin. The condition and the count are one statement: of many at once no more get through than may.</summary>
    private static async Task<bool> CountAsync(
        LatchkeyDbContext db,
        Guid userId,
        string key,
        PasswordRules rules,
        DateTimeOffset now
    )
    {
        var since = now.AddMinutes(-rules.ResetTriesMinutes);
        DateTimeOffset? end = now.AddMinutes(rules.LockoutMinutes);
        var (max, none) = (rules.MaxTries, (DateTimeOffset?)null);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var rows = db.PasswordTries.Where(t => t.UserId == userId && t.Origin == key);
            var counted = await rows.Where(t => t.LockedUntil == null || t.LockedUntil <= now)
                .ExecuteUpdateAsync(t =>
                    t.SetProperty(
                            x => x.LockedUntil,
                            x => (x.LastAt < since ? 1 : x.Count + 1) >= max ? end : none
                        )
                        .SetProperty(
                            x => x.Count,
                            x =>
                                (x.LastAt < since ? 1 : x.Count + 1) >= max ? 0
                                : x.LastAt < since ? 1
                                : x.Count + 1
                        )
                        .SetProperty(x => x.LastAt, now)
                );
            if (counted > 0)
                return true;
            if (await rows.AnyAsync(t => t.LockedUntil > now))
                return false;
            // Another try made the row since: the next round counts this one too.
            if (await rows.AnyAsync())
                continue;
            var first = new PasswordTries
            {
                UserId = userId,
                Origin = key,
                Count = 1,
                LastAt = now,
            };
            db.PasswordTries.Add(first);
            try
            {
                await db.SaveChangesAsync();
                return true;
            }
            catch (DbUpdateException)
            {
                // Another try made the row, or the user is gone.
                db.Entry(first).State = EntityState.Detached;
            }
        }
        return false;
    }

    private static Task LockAsync(LatchkeyDbContext db, Guid userId, DateTimeOffset until)
    {
        DateTimeOffset? end = until;
        return db
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutEnd, end));
    }
}

/// <param name="Allowed">Whether the password may be looked at.</param>
/// <param name="LocksNow">Whether no further one will be for a while.</param>
internal sealed record LockAnswer(bool Allowed, bool LocksNow = false);
