using System.Data;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>
/// The one place where users change. What a call changes and the events that tell of it are one transaction. Changing
/// the password or the state changes the security stamp, so that every session ends at its next request.
/// </summary>
internal sealed class UserService(
    IDbContextFactory<LatchkeyDbContext> databases,
    PasswordService passwords,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Makes a user.</summary>
    public async Task<Outcome<User>> CreateAsync(
        UserInput input,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var user = new User
        {
            Username = "",
            NormalizedUsername = "",
            Email = "",
            SecurityStamp = NewStamp(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var problems = UserRules.Fill(user, input);
        SetPassword(user, input.Password, problems);
        await UserConflicts.FindAsync(db, user, input, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }

        db.Users.Add(user);
        var changes = FieldChange.New(UserChanges.Snapshot(user));
        if (user.PasswordHash is not null)
        {
            changes.Add(new FieldChange("password", null, FieldChange.Masked));
        }
        Record(db, EventTypes.UserCreate, user, new { changes });
        if (user.IsAdministrator)
        {
            Record(db, EventTypes.UserAdminGranted, user);
        }
        await JoinGroupsAsync(db, user, input.GroupIds, cancellationToken);
        return await SaveAsync(db, user, input, cancellationToken);
    }

    /// <summary>Makes a user what the input says.</summary>
    /// <param name="id">Who.</param>
    /// <param name="input">The whole user; the password only if it is to change.</param>
    /// <param name="version">The version that was looked at; null to change whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<User>> UpdateAsync(
        Guid id,
        UserInput input,
        long? version,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
        if (user is null)
        {
            return new Problem("user-missing", "");
        }
        if (version is not null && user.Version != version)
        {
            return new Problem("user-changed", "");
        }
        var before = UserChanges.Snapshot(user);
        var (wasState, wasAdministrator) = (user.State, user.IsAdministrator);
        var problems = UserRules.Fill(user, input);
        SetPassword(user, input.Password, problems);
        await UserConflicts.FindAsync(db, user, input, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }

        var changes = FieldChange.Between(before, UserChanges.Snapshot(user));
        if (changes.Count > 0)
        {
            Record(db, EventTypes.UserUpdate, user, new { changes });
        }
        if (user.State != wasState)
        {
            user.SecurityStamp = NewStamp();
            if (EventOf(user.State) is { } type)
            {
                Record(db, type, user);
            }
        }
        if (user.IsAdministrator != wasAdministrator)
        {
            Record(
                db,
                user.IsAdministrator ? EventTypes.UserAdminGranted : EventTypes.UserAdminRevoked,
                user
            );
        }
        if (input.Password is not null)
        {
            Record(db, EventTypes.UserPasswordSet, user);
        }
        await JoinGroupsAsync(db, user, input.GroupIds, cancellationToken);

        var steppedDown =
            wasAdministrator
            && wasState == UserState.Activated
            && !(user.IsAdministrator && user.State == UserState.Activated);
        return steppedDown
            ? await SaveIfOthersAdministerAsync(db, user, cancellationToken)
            : await SaveAsync(db, user, input, cancellationToken);
    }

    /// <summary>Sets a password. Every session of the user ends, and a lock after wrong passwords is lifted.</summary>
    public async Task<Outcome<User>> SetPasswordAsync(
        Guid id,
        string password,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
        if (user is null)
        {
            return new Problem("user-missing", "");
        }
        var problems = new List<Problem>();
        SetPassword(user, password, problems);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        Record(db, EventTypes.UserPasswordSet, user);
        return await SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>Deletes a user with memberships, sessions and pseudonyms. Events stay.</summary>
    public async Task<Outcome<User>> DeleteAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
        if (user is null)
        {
            return new Problem("user-missing", "");
        }
        db.Users.Remove(user);
        Record(
            db,
            EventTypes.UserDelete,
            user,
            new { username = user.Username, email = user.Email }
        );
        return user is { IsAdministrator: true, State: UserState.Activated }
            ? await SaveIfOthersAdministerAsync(db, user, cancellationToken)
            : await SaveAsync(db, user, null, cancellationToken);
    }

    public async Task<User?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
    }

    /// <summary>The user of that user name, whatever its case.</summary>
    public async Task<User?> FindByUsernameAsync(
        string username,
        CancellationToken cancellationToken = default
    )
    {
        var normalized = UserRules.Normalize(username);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.NormalizedUsername == normalized, cancellationToken);
    }

    private static string? EventOf(UserState state) =>
        state switch
        {
            UserState.Activated => EventTypes.UserActivated,
            UserState.Suspended => EventTypes.UserSuspended,
            _ => null,
        };

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    private void SetPassword(User user, string? password, List<Problem> problems)
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
        user.SecurityStamp = NewStamp();
        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
    }

    private async Task JoinGroupsAsync(
        LatchkeyDbContext db,
        User user,
        IReadOnlyCollection<Guid>? wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted is null)
        {
            return;
        }
        var joined = await db
            .GroupMembers.Where(m => m.UserId == user.Id)
            .ToListAsync(cancellationToken);
        var left = joined.Where(m => !wanted.Contains(m.GroupId)).ToList();
        var added = wanted.Except(joined.Select(m => m.GroupId)).ToList();
        List<Guid> touched = [.. left.Select(m => m.GroupId), .. added];
        var groups = await db
            .Groups.AsNoTracking()
            .Where(g => touched.Contains(g.Id))
            .ToListAsync(cancellationToken);
        foreach (var group in groups)
        {
            var row = left.Find(m => m.GroupId == group.Id);
            Membership.Change(db, events, group, user, row, time.GetUtcNow());
        }
    }

    /// <summary>Saves unless nobody would be left who can administer. Two who step down at the same moment cannot both succeed.</summary>
    private async Task<Outcome<User>> SaveIfOthersAdministerAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(
            IsolationLevel.Serializable,
            cancellationToken
        );
        if (await LastAdministrator.RefuseAsync(db, user, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        try
        {
            Touch(db, user);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return user;
        }
        catch (Exception e)
            when (e is DbUpdateConcurrencyException || LastAdministrator.IsOvertaken(e))
        {
            return new Problem("user-changed", "");
        }
    }

    private async Task<Outcome<User>> SaveAsync(
        LatchkeyDbContext db,
        User user,
        UserInput? input,
        CancellationToken cancellationToken
    )
    {
        try
        {
            Touch(db, user);
            await db.SaveChangesAsync(cancellationToken);
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

    private void Touch(LatchkeyDbContext db, User user)
    {
        if (db.Entry(user).State == EntityState.Modified)
        {
            user.UpdatedAt = time.GetUtcNow();
        }
    }

    private void Record(LatchkeyDbContext db, string type, User user, object? details = null) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                new EventSubject("user", user.Id, user.Username),
                details
            )
        );
}
