using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>The one way to a new password, whoever sets it: the rules, the earlier ones, and what ends with the old one.</summary>
internal sealed class NewPasswords(PasswordHashing hashing, TimeProvider time)
{
    /// <summary>Puts a new password into a user, or says what is wrong with it. The caller saves. Sessions end, and locks are lifted.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="user">Stored and tracked, or not yet stored.</param>
    /// <param name="password">In plain text.</param>
    /// <param name="rules">Of the policy in force.</param>
    /// <param name="byOwner">Whether it is the user who is signed in that changes it of free will.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task FillAsync(
        LatchkeyDbContext db,
        User user,
        string password,
        PasswordRules rules,
        bool byOwner,
        List<Problem> problems,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        var found = PasswordCheck.Find(rules, user, password);
        if (
            byOwner
            && rules.MinAgeHours > 0
            && user.PasswordSetAt?.AddHours(rules.MinAgeHours) > now
            && PasswordExpiry.Of(user, rules, now) < PasswordStanding.MustChange
        )
        {
            found.Add(new("password-too-soon", "password", rules.MinAgeHours));
        }
        var isStored = db.Entry(user).State is not (EntityState.Detached or EntityState.Added);
        var former = isStored
            ? await db
                .FormerPasswords.Where(f => f.UserId == user.Id)
                .OrderByDescending(f => f.Id)
                .ToListAsync(ct)
            : [];
        if (found.Count == 0 && await HadAsync(user, former, password, rules, ct))
            found.Add(new("password-used-before", "password", rules.History));
        if (found.Count > 0)
        {
            problems.AddRange(found);
            return;
        }
        if (isStored)
            Keep(db, user, former, rules, now);
        Put(user, await hashing.HashAsync(user, password, ct), now);
        if (isStored)
        {
            db.PasswordTries.RemoveRange(
                await db.PasswordTries.Where(t => t.UserId == user.Id).ToListAsync(ct)
            );
        }
    }

    private static void Put(User user, string hash, DateTimeOffset now)
    {
        (user.PasswordHash, user.PasswordFormat) = (hash, null);
        user.PasswordSetAt = now;
        user.PasswordExpiresAt = null;
        user.PasswordExpiryNotice = PasswordExpiryNotice.None;
        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
        UserWriter.Stamp(user);
    }

    private async Task<bool> HadAsync(
        User user,
        List<FormerPassword> former,
        string password,
        PasswordRules rules,
        CancellationToken ct
    )
    {
        var hashes = former.Select(f => f.Hash).Prepend(user.PasswordHash).OfType<string>();
        foreach (var hash in hashes.Take(rules.History))
        {
            var answer = await hashing.VerifyAsync(user.Username, hash, password, ct);
            if (answer != PasswordVerificationResult.Failed)
                return true;
        }
        return false;
    }

    /// <summary>As many as the policy compares with, the new one not counted: no old hash lies about for nothing.</summary>
    private static void Keep(
        LatchkeyDbContext db,
        User user,
        List<FormerPassword> former,
        PasswordRules rules,
        DateTimeOffset now
    )
    {
        var kept = Math.Max(0, rules.History - 1);
        if (kept > 0 && user.PasswordHash is { } hash)
        {
            db.FormerPasswords.Add(
                new()
                {
                    UserId = user.Id,
                    Hash = hash,
                    ReplacedAt = now,
                }
            );
            kept--;
        }
        db.FormerPasswords.RemoveRange(former.Skip(kept));
    }
}
