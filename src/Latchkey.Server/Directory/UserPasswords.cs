using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Directory;

/// <summary>Sets users' passwords and lifts locks.</summary>
internal sealed class UserPasswords(
    UserWriter writer,
    PasswordService passwords,
    AccountLinks links,
    PasswordNotice notice,
    TimeProvider time
)
{
    /// <summary>Puts a new password's hash into the user, or says what is wrong with it. Sessions end, and a lock is lifted.</summary>
    public void Fill(User user, string? password, List<Problem> problems)
    {
        if (password is null)
        {
            return;
        }
        var hash = passwords.Hash(user, password);
        if (!hash.Ok)
        {
            problems.AddRange(hash.Problems);
            return;
        }
        user.PasswordHash = hash.Value;
        user.PasswordSetAt = time.GetUtcNow();
        user.PasswordExpiresAt = null;
        UserWriter.Stamp(user);
        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
    }

    /// <summary>An administrator sets a password.</summary>
    public async Task<Outcome<User>> SetAsync(
        Guid id,
        string password,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var problems = new List<Problem>();
        Fill(user, password, problems);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        writer.Record(db, EventTypes.UserPasswordSet, user);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>The owner of an account sets a password by a link that was mailed. The link is used up with it: both or neither.</summary>
    public async Task<Outcome<User>> SetByLinkAsync(
        string secret,
        string password,
        string? address,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        if (await links.FindAsync(db, secret, cancellationToken) is not { } link)
        {
            return new Problem("link-over", "");
        }
        var found = await UserWriter.FindAsync(db, link.UserId, null, cancellationToken);
        if (found.Value is not { State: UserState.Activated } user)
        {
            return new Problem("link-over", "");
        }
        var problems = new List<Problem>();
        Fill(user, password, problems);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        // Together with the password or not at all: of two who use it at once, one finds it gone.
        db.AccountLinks.Remove(link);
        writer.Record(db, EventTypes.UserPasswordChange, user, new { by = link.Kind });
        if (link.Kind == AccountLinkKind.PasswordReset)
        {
            await notice.EnqueueAsync(db, user, address, cancellationToken);
        }
        var saved = await writer.SaveAsync(db, user, null, cancellationToken);
        return saved.Ok ? saved : new Problem("link-over", "");
    }

    /// <summary>Lifts the lock after wrong passwords; not for a suspended user (J-63).</summary>
    public async Task<Outcome<User>> UnlockAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        if (user.State == UserState.Suspended)
        {
            return new Problem("user-suspended", "");
        }
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        writer.Record(db, EventTypes.UserUnlocked, user);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }
}
