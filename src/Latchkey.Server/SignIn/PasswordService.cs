using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>Sets and checks passwords. A check takes the same time and gives the same answer whether or not the name is known.</summary>
internal sealed class PasswordService(
    IDbContextFactory<LatchkeyDbContext> databases,
    IPasswordHasher<User> hasher,
    SignInLimits options,
    TimeProvider time
)
{
    public const int MinimumLength = 12;
    public const int MaximumLength = 512;

    /// <summary>Stands in for the hash of a user who does not exist or has no password, made with today's cost.</summary>
    private readonly string _nobodysHash = hasher.HashPassword(null!, Guid.NewGuid().ToString());

    /// <summary>Hashing takes a core for a tenth of a second: no more at once than there are cores, so that it never starves the rest of the server.</summary>
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>The hash to store for a new password, or what is wrong with it.</summary>
    public Outcome<string> Hash(User user, string password) =>
        Fault(user, password) is { } fault ? fault : hasher.HashPassword(user, password);

    /// <summary>What is wrong with a new password, without the cost of hashing it.</summary>
    public static Problem? Fault(User user, string password)
    {
        if (password.Length < MinimumLength)
            return new Problem("password-too-short", "password", MinimumLength);
        if (password.Length > MaximumLength)
            return new Problem("password-too-long", "password", MaximumLength);
        if (
            password.Equals(user.Username, StringComparison.OrdinalIgnoreCase)
            || password.Equals(user.Email, StringComparison.OrdinalIgnoreCase)
        )
            return new Problem("password-is-name", "password");
        return null;
    }

    /// <summary>Checks what somebody typed. Only <see cref="PasswordVerdict.Correct"/> lets them in; the other verdicts are for the event, never for the page.</summary>
    /// <param name="name">User name or e-mail address.</param>
    public async Task<PasswordResult> VerifyAsync(
        string name,
        string password,
        CancellationToken ct
    )
    {
        var user = await FindAsync(name, ct);
        var now = time.GetUtcNow();
        var locked = user?.LockoutEnd > now;
        // The try is counted before it is judged, so that many at once cannot outrun the lock; and beside the
        // hashing, so that the write does not make a known name slower than an unknown one.
        var counted =
            user is null || locked
                ? Task.CompletedTask
                : Task.Run(() => CountTryAsync(user.Id, now), CancellationToken.None);
        var answer = await CheckHashAsync(user, password, ct);
        await counted;

        if (user is null)
            return new(null, PasswordVerdict.UnknownUser);
        if (locked)
            return new(user, PasswordVerdict.Locked);
        if (user.PasswordHash is null)
            return new(user, PasswordVerdict.NoPassword);
        if (answer == PasswordVerificationResult.Failed)
        {
            return new(
                user,
                PasswordVerdict.Wrong,
                LocksNow: user.AccessFailedCount + 1 >= options.TriesBeforeLockout
            );
        }
        if (user.State != UserState.Activated)
        {
            return new(
                user,
                user.State == UserState.Staged ? PasswordVerdict.Staged : PasswordVerdict.Suspended
            );
        }
        await AcceptAsync(user, password, answer, now, ct);
        return new(user, PasswordVerdict.Correct);
    }

    private async Task<User?> FindAsync(string name, CancellationToken ct)
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

    private async Task<PasswordVerificationResult> CheckHashAsync(
        User? user,
        string password,
        CancellationToken ct
    )
    {
        await _cores.WaitAsync(ct);
        try
        {
            return hasher.VerifyHashedPassword(
                user!,
                user?.PasswordHash ?? _nobodysHash,
                password.Length > MaximumLength ? "" : password
            );
        }
        finally
        {
            _cores.Release();
        }
    }

    private async Task CountTryAsync(Guid userId, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var threshold = options.TriesBeforeLockout;
        DateTimeOffset? end = now + options.Lockout;
        await database
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(u =>
                u.SetProperty(
                        x => x.LockoutEnd,
                        x => x.AccessFailedCount + 1 >= threshold ? end : x.LockoutEnd
                    )
                    .SetProperty(
                        x => x.AccessFailedCount,
                        x => x.AccessFailedCount + 1 >= threshold ? 0 : x.AccessFailedCount + 1
                    )
            );
    }

    private async Task AcceptAsync(
        User user,
        string password,
        PasswordVerificationResult answer,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var hash =
            answer == PasswordVerificationResult.SuccessRehashNeeded
                ? hasher.HashPassword(user, password)
                : user.PasswordHash;
        var before = user.PasswordHash;
        await using var database = await databases.CreateDbContextAsync(ct);
        // Only onto the very hash that was checked: a password set meanwhile stays.
        await database
            .Users.Where(u => u.Id == user.Id && u.PasswordHash == before)
            .ExecuteUpdateAsync(
                u =>
                    u.SetProperty(x => x.PasswordHash, hash)
                        .SetProperty(x => x.AccessFailedCount, 0)
                        .SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null)
                        .SetProperty(x => x.LastSignInAt, now),
                ct
            );
    }
}

/// <param name="User">The user meant, if there is one.</param>
/// <param name="LocksNow">Whether this very try locked the account.</param>
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
