using System.Data;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>
/// What every change of a user has in common: find who is meant, record what happens, save it with its events as one transaction.
/// Groups' rules are followed, links by mail end with the password or address they were made for, and there is always an owner.
/// </summary>
internal sealed class UserWriter(
    IDbContextFactory<LatchkeyDbContext> databases,
    RuleMembership rules,
    Acting acting,
    EventRecorder events,
    TimeProvider time
)
{
    public Task<LatchkeyDbContext> OpenAsync(CancellationToken cancellationToken) =>
        databases.CreateDbContextAsync(cancellationToken);

    /// <summary>The user to change, if it is there and, where a version was looked at, still that version.</summary>
    public static async Task<Outcome<User>> FindAsync(
        LatchkeyDbContext db,
        Guid id,
        long? version,
        CancellationToken cancellationToken
    )
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
        if (user is null)
        {
            return new Problem("user-missing", "");
        }
        return version is not null && user.Version != version
            ? new Problem("user-changed", "")
            : user;
    }

    /// <summary>The user to change in the name of whoever is acting, whose role must reach as far as the user's own.</summary>
    public async Task<Outcome<User>> FindToChangeAsync(
        LatchkeyDbContext db,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(db, id, null, cancellationToken);
        return found.Value is { } user && !acting.MayTouch(user) ? Above : found;
    }

    /// <summary>Said of an account that may do more than whoever would change it.</summary>
    public static Problem Above => new("user-above-you", "");

    public void Record(LatchkeyDbContext db, string type, User user, object? details = null) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                new EventSubject("user", user.Id, user.Username),
                details
            )
        );

    /// <summary>Puts a user into another state: every session ends, and an event tells of it.</summary>
    /// <returns>Whether it was in another one.</returns>
    public bool ChangeState(LatchkeyDbContext db, User user, UserState state)
    {
        if (user.State == state)
        {
            return false;
        }
        var type = EventOf(user.State, state);
        user.State = state;
        Stamp(user);
        if (type is not null)
        {
            Record(db, type, user);
        }
        return true;
    }

    /// <summary>A new stamp: sessions made under the old one are void.</summary>
    public static void Stamp(User user) => user.SecurityStamp = NewStamp();

    public static string NewStamp() => Guid.NewGuid().ToString("N");

    /// <summary>Saves a user, new, changed or about to be deleted.</summary>
    /// <param name="db">Holds the change and its events.</param>
    /// <param name="user">Who.</param>
    /// <param name="input">What was said, to name what is taken by others if that turns out only now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<User>> SaveAsync(
        LatchkeyDbContext db,
        User user,
        UserInput? input,
        CancellationToken cancellationToken
    )
    {
        await PrepareAsync(db, user, cancellationToken);
        return StepsDown(db.Entry(user))
            ? await SaveIfOthersOwnAsync(db, user, cancellationToken)
            : await SaveOrSayWhyAsync(db, user, input, cancellationToken);
    }

    /// <summary>What follows from a change for links and sessions, added to it before it is saved; rules are followed when it is, see <see cref="RuleMembership.SaveAsync"/>.</summary>
    public async Task PrepareAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        var entry = db.Entry(user);
        if (entry.State == EntityState.Modified)
        {
            user.UpdatedAt = time.GetUtcNow();
            await AccountLinks.EndOutdatedAsync(db, entry, cancellationToken);
        }
        var ended = await EndedSessions.FollowAsync(db, entry, time.GetUtcNow(), cancellationToken);
        if (ended > 0)
        {
            Record(
                db,
                EventTypes.SessionEnd,
                user,
                new { sessions = ended, reason = ReasonOf(entry) }
            );
        }
    }

    private static string ReasonOf(
        Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry<User> entry
    ) =>
        entry.State == EntityState.Deleted ? SessionEndReasons.UserDeleted
        : entry.Property(u => u.State).IsModified ? SessionEndReasons.StateChanged
        : SessionEndReasons.PasswordChanged;

    private static bool StepsDown(
        Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry<User> entry
    )
    {
        if (entry.State is not (EntityState.Modified or EntityState.Deleted))
        {
            return false;
        }
        var owned =
            entry.OriginalValues.GetValue<Role?>(nameof(User.Role)) == Role.Owner
            && entry.OriginalValues.GetValue<UserState>(nameof(User.State)) == UserState.Activated;
        var owns = entry.Entity is { Role: Role.Owner, State: UserState.Activated };
        return owned && (entry.State == EntityState.Deleted || !owns);
    }

    /// <summary>Saves unless no owner would be left. Two who step down at the same moment cannot both succeed.</summary>
    private async Task<Outcome<User>> SaveIfOthersOwnAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginOrJoinAsync(
            cancellationToken,
            IsolationLevel.Serializable
        );
        if (await LastOwner.RefuseAsync(db, user, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        try
        {
            await rules.SaveAsync(db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return user;
        }
        catch (Exception e) when (e is DbUpdateConcurrencyException || LastOwner.IsOvertaken(e))
        {
            return new Problem("user-changed", "");
        }
    }

    private async Task<Outcome<User>> SaveOrSayWhyAsync(
        LatchkeyDbContext db,
        User user,
        UserInput? input,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await rules.SaveAsync(db, cancellationToken);
            return user;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("user-changed", "");
        }
        catch (DbUpdateException) when (input is not null)
        {
            // Somebody took the name, the address or a group away between the check and the write: say which.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var problems = new List<Problem>();
            await UserConflicts.FindAsync(again, user, input, problems, cancellationToken);
            if (problems.Count == 0)
            {
                throw;
            }
            return Outcome<User>.Failed(problems);
        }
    }

    private static string? EventOf(UserState before, UserState after) =>
        (before, after) switch
        {
            (UserState.Suspended, UserState.Activated) => EventTypes.UserUnsuspended,
            (_, UserState.Activated) => EventTypes.UserActivated,
            (_, UserState.Suspended) => EventTypes.UserSuspended,
            _ => null,
        };
}
