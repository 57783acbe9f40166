using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Checks passwords. A check takes the same time and gives the same answer whether or not the name is known.</summary>
internal sealed class PasswordService(
    IDbContextFactory<LatchkeyDbContext> databases,
    PasswordHashing hashing,
    PasswordLocks locks,
    TimeProvider time
)
{
    /// <summary>Checks what somebody typed. Only <see cref="PasswordVerdict.Correct"/> lets them in; the other verdicts are for the event, never for the page.</summary>
    /// <param name="name">User name or e-mail address.</param>
    /// <param name="origin">From where.</param>
    public async Task<PasswordResult> VerifyAsync(
        string name,
        string password,
        SignInOrigin origin,
        CancellationToken ct
    )
    {
        var user = await FindAsync(name, ct);
        // The try is counted before it is judged, so that many at once cannot outrun the lock; and beside the
        // hashing, so that the writes do not make a known name slower than an unknown one.
        var counting = user is null
            ? Task.FromResult(new LockAnswer(Allowed: true))
            : Task.Run(() => locks.TakeAsync(user, origin), CancellationToken.None);
        var answer = await hashing.VerifyAsync(name, user?.PasswordHash, password, ct);
        var counted = await counting;

        if (user is null)
            return new(null, PasswordVerdict.UnknownUser);
        if (!counted.Allowed)
            return new(user, PasswordVerdict.Locked);
        if (user.PasswordHash is null)
            return new(user, PasswordVerdict.NoPassword);
        if (answer == PasswordVerificationResult.Failed)
            return new(user, PasswordVerdict.Wrong, counted.LocksNow);
        if (user.State != UserState.Activated)
        {
            return new(
                user,
                user.State == UserState.Staged ? PasswordVerdict.Staged : PasswordVerdict.Suspended
            );
        }
        await AcceptAsync(user, password, answer, ct);
        await locks.ForgetAsync(user.Id, origin, counted.LocksNow, ct);
        return new(user, PasswordVerdict.Correct);
    }

    /// <summary>Whom a name that was typed means, a user name or an e-mail address.</summary>
    public async Task<User?> FindAsync(string name, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var username = name.ToUpperInvariant();
        var email = name.ToLowerInvariant();
        var found = await database
            .Users.AsNoTracking()
            .Where(u => u.NormalizedUsername == username || u.Email == email)
            .OrderBy(u => u.Id)
            .Take(2)
            .ToListAsync(ct);
        // A user name that is somebody else's address belongs to the one who has it as user name.
        return found.Find(u => u.NormalizedUsername == username) ?? found.FirstOrDefault();
    }

    private async Task AcceptAsync(
        User user,
        string password,
        PasswordVerificationResult answer,
        CancellationToken ct
    )
    {
        var renew =
            answer == PasswordVerificationResult.SuccessRehashNeeded
            || user.PasswordFormat is not null;
        var hash = renew ? await hashing.HashAsync(user, password, ct) : user.PasswordHash;
        var before = user.PasswordHash;
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        // Only onto the very hash that was checked: a password set meanwhile stays.
        await database
            .Users.Where(u => u.Id == user.Id && u.PasswordHash == before)
            .ExecuteUpdateAsync(
                u =>
                    u.SetProperty(x => x.PasswordHash, hash)
                        .SetProperty(x => x.PasswordFormat, (string?)null)
                        .SetProperty(x => x.AccessFailedCount, 0)
                        .SetProperty(x => x.LastSignInAt, now),
                ct
            );
    }
}

/// <param name="User">The user meant, if there is one.</param>
/// <param name="LocksNow">Whether this very try locked the account, for this origin or everywhere.</param>
internal sealed record PasswordResult(User? User, PasswordVerdict Verdict, bool LocksNow = false);

internal enum PasswordVerdict
{
    Correct,
    Wrong,
    UnknownUser,
    NoPassword,
    Staged,
    Suspended,
    Locked,
}
