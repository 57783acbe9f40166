using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>Sets users' passwords by the policy in force for them, and lifts locks.</summary>
internal sealed class UserPasswords(
    UserWriter writer,
    NewPasswords passwords,
    AccountLinks links,
    PasswordNotice notice,
    TimeProvider time
)
{
    /// <summary>Puts a password into a user who is about to be made, or says what is wrong with it.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="user">Not stored yet.</param>
    /// <param name="password">Null for none.</param>
    /// <param name="joining">The groups the user will be in by hand.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task FillNewAsync(
        LatchkeyDbContext db,
        User user,
        string? password,
        IEnumerable<Guid>? joining,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        if (password is null)
        {
            return;
        }
        var policies = await PolicySet.ReadOnceAsync(db, cancellationToken);
        var rules = policies.For(user, joining).Rules;
        await passwords.FillAsync(db, user, password, rules, false, problems, cancellationToken);
    }

    /// <summary>Puts another system's hash into a user who is about to be made. What the password is nobody can tell, so no rule is applied to it; its age counts from now.</summary>
    public void FillImported(User user, string? hash, List<Problem> problems)
    {
        if (hash is null)
        {
            return;
        }
        if (user.PasswordHash is not null)
        {
            problems.Add(new Problem("password-and-hash", "password_hash"));
            return;
        }
        var read = ImportedHash.Read(hash, "password_hash");
        problems.AddRange(read.Problems);
        if (read.Ok)
        {
            (user.PasswordHash, user.PasswordFormat) = (hash, read.Value.Shape);
            user.PasswordSetAt = time.GetUtcNow();
        }
    }

    /// <summary>What will be asked of the password of a user who is about to be made.</summary>
    public async Task<PasswordRules> RulesForNewAsync(
        UserInput input,
        CancellationToken cancellationToken
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var user = UserService.New(time.GetUtcNow());
        UserRules.Fill(user, input);
        var policies = await PolicySet.ReadAsync(db, cancellationToken);
        return policies.For(user, input.GroupIds).Rules;
    }

    /// <summary>Puts a new password into a user of the directory, or says what is wrong with it. Sessions end, and a lock is lifted.</summary>
    public async Task FillAsync(
        LatchkeyDbContext db,
        User user,
        string? password,
        List<Problem> problems,
        CancellationToken cancellationToken,
        bool byOwner = false
    )
    {
        if (password is null)
        {
            return;
        }
        var rules = (await PolicySet.OfAsync(db, user.Id, cancellationToken)).Rules;
        await passwords.FillAsync(db, user, password, rules, byOwner, problems, cancellationToken);
    }

    /// <summary>An administrator sets a password, of which the owner is told; not for a suspended user (J-63).</summary>
    /// <param name="id">Whose.</param>
    /// <param name="password">In plain text; null to make one by the policy in force.</param>
    /// <param name="mustChange">Whether it has to be changed at the next sign-in.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<PasswordGiven>> SetAsync(
        Guid id,
        string? password,
        bool mustChange = false,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return Outcome<PasswordGiven>.Failed(found.Problems);
        }
        if (user.State == UserState.Suspended)
        {
            return new Problem("user-suspended", "");
        }
        var rules = (await PolicySet.OfAsync(db, id, cancellationToken)).Rules;
        password ??= GeneratedPassword.New(rules);
        var problems = new List<Problem>();
        await passwords.FillAsync(db, user, password, rules, false, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<PasswordGiven>.Failed(problems);
        }
        user.PasswordExpiresAt = mustChange ? time.GetUtcNow() : null;
        writer.Record(
            db,
            EventTypes.UserPasswordSet,
            user,
            mustChange ? new { must_change = true } : null
        );
        await TellAsync(db, user, cancellationToken);
        var saved = await writer.SaveAsync(db, user, null, cancellationToken);
        return saved.Ok
            ? new PasswordGiven(user, password)
            : Outcome<PasswordGiven>.Failed(saved.Problems);
    }

    /// <summary>Tells the owner that somebody else set the password; nothing while the account is not active yet.</summary>
    public async Task TellAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        if (user.State == UserState.Activated)
        {
            await notice.EnqueueSetAsync(db, user, cancellationToken);
        }
    }

    /// <summary>Users change their own password, having proved who they are.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="password">In plain text.</param>
    /// <param name="address">From which network address.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<User>> ChangeOwnAsync(
        Guid id,
        string password,
        string? address,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await UserWriter.FindAsync(db, id, null, cancellationToken);
        if (found.Value is not { State: UserState.Activated } user)
        {
            return found.Ok ? new Problem("user-not-active", "") : found;
        }
        var problems = new List<Problem>();
        await FillAsync(db, user, password, problems, cancellationToken, byOwner: true);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        writer.Record(db, EventTypes.UserPasswordChange, user);
        await notice.EnqueueAsync(db, user, address, cancellationToken);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>The owner of an account sets a password by a link that was mailed. The link is used up with it: both or neither. What somebody else changes about the user at the same moment costs neither.</summary>
    public async Task<Outcome<User>> SetByLinkAsync(
        string secret,
        string password,
        string? address,
        CancellationToken cancellationToken = default
    )
    {
        const int tries = 3;
        for (var i = 1; ; i++)
        {
            var outcome = await TrySetByLinkAsync(secret, password, address, cancellationToken);
            if (i == tries || outcome.Problems is not [{ Code: "user-changed" }])
            {
                return outcome;
            }
        }
    }

    private async Task<Outcome<User>> TrySetByLinkAsync(
        string secret,
        string password,
        string? address,
        CancellationToken cancellationToken
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
        await FillAsync(db, user, password, problems, cancellationToken);
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
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>Lifts the locks after wrong passwords; not for a suspended user (J-63).</summary>
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
        db.PasswordTries.RemoveRange(
            await db.PasswordTries.Where(t => t.UserId == id).ToListAsync(cancellationToken)
        );
        writer.Record(db, EventTypes.UserUnlocked, user);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }
}

/// <param name="Password">To be shown once, if it was made.</param>
internal sealed record PasswordGiven(User User, string Password);
