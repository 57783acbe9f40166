using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>
/// Makes, changes, deletes and finds users. What a call changes and the events that tell of it are one transaction. Changing
/// the password or the state changes the security stamp, so that every session ends at its next request.
/// </summary>
internal sealed class UserService(
    IDbContextFactory<LatchkeyDbContext> databases,
    UserWriter writer,
    UserPasswords passwords,
    ActivationMails mails,
    Acting acting,
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
        var made = await AddAsync(db, input, cancellationToken);
        return made.Ok ? await writer.SaveAsync(db, made.Value, input, cancellationToken) : made;
    }

    /// <summary>Adds a user to what the caller saves, if nothing is wrong.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="input">The user.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="joining">The groups the caller will put the user into, where the input does not say them: they decide on the password's policy.</param>
    internal async Task<Outcome<User>> AddAsync(
        LatchkeyDbContext db,
        UserInput input,
        CancellationToken cancellationToken,
        IEnumerable<Guid>? joining = null
    )
    {
        var user = New(time.GetUtcNow());
        var problems = UserRules.Fill(user, input);
        user.State = input.State;
        await passwords.FillNewAsync(
            db,
            user,
            input.Password,
            joining ?? input.GroupIds,
            problems,
            cancellationToken
        );
        passwords.FillImported(user, input.PasswordHash, problems);
        ActivationMails.Check(input.Mail, problems);
        await UserConflicts.FindAsync(db, user, input, problems, cancellationToken);
        AttributeTypes.Check(
            await AttributeDefinitions.ByNameAsync(db, cancellationToken),
            input.Attributes,
            stored: null,
            problems
        );
        if (user.Role is not null && !acting.May(Capability.GrantRoles))
        {
            problems.Add(new Problem("role-not-yours", "role"));
        }
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
        writer.Record(db, EventTypes.UserCreate, user, new { changes });
        if (user.Role is { } role)
        {
            writer.Record(db, EventTypes.UserAdminGranted, user, new { role });
        }
        await JoinGroupsAsync(db, user, input.GroupIds, cancellationToken);
        await mails.EnqueueAsync(db, user, input.Mail, cancellationToken);
        return user;
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
        var found = await UserWriter.FindAsync(db, id, version, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var changed = await ChangeAsync(db, user, input, cancellationToken);
        return changed.Ok ? await writer.SaveAsync(db, user, input, cancellationToken) : changed;
    }

    /// <summary>Changes a user in what the caller saves. With problems the user is half changed, and must not be saved.</summary>
    internal async Task<Outcome<User>> ChangeAsync(
        LatchkeyDbContext db,
        User user,
        UserInput input,
        CancellationToken cancellationToken
    )
    {
        var before = UserChanges.Snapshot(user);
        var (role, mayTouch, stored) = (user.Role, acting.MayTouch(user), user.Attributes);
        var problems = UserRules.Fill(user, input);
        if (input is { State: UserState.Suspended, Password: not null })
        {
            problems.Add(new Problem("user-suspended", "password"));
        }
        else
        {
            await passwords.FillAsync(db, user, input.Password, problems, cancellationToken);
        }
        ActivationMails.Check(input.Mail, problems);
        await UserConflicts.FindAsync(db, user, input, problems, cancellationToken);
        AttributeTypes.Check(
            await AttributeDefinitions.ByNameAsync(db, cancellationToken),
            input.Attributes,
            stored,
            problems
        );
        if (user.Role != role && !acting.May(Capability.GrantRoles))
        {
            problems.Add(new Problem("role-not-yours", "role"));
        }
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }

        var otherState = writer.ChangeState(db, user, input.State);
        var changes = FieldChange.Between(before, UserChanges.Snapshot(user));
        if (!mayTouch && (changes.Count > 0 || input.Password is not null))
        {
            return UserWriter.Above;
        }
        if (changes.Count > 0)
        {
            writer.Record(db, EventTypes.UserUpdate, user, new { changes });
        }
        if (user.Role != role)
        {
            var type = user.Role is null
                ? EventTypes.UserAdminRevoked
                : EventTypes.UserAdminGranted;
            writer.Record(db, type, user, new { role = user.Role ?? role });
            if (user.Role is null != role is null)
            {
                await ForgetEnrolmentAsync(db, user, cancellationToken);
            }
            await AskForSecondStepAsync(db, user, cancellationToken);
        }
        if (input.Password is not null)
        {
            writer.Record(db, EventTypes.UserPasswordSet, user);
            await passwords.TellAsync(db, user, cancellationToken);
        }
        await JoinGroupsAsync(db, user, input.GroupIds, cancellationToken);
        if (otherState)
        {
            await mails.EnqueueAsync(db, user, input.Mail, cancellationToken);
        }
        return user;
    }

    /// <summary>Deletes a user with memberships, sessions and pseudonyms. Events stay.</summary>
    public async Task<Outcome<User>> DeleteAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var changes = FieldChange.Gone(UserChanges.Snapshot(user));
        if (user.PasswordHash is not null)
        {
            changes.Add(new FieldChange("password", FieldChange.Masked, null));
        }
        var groups = await db
            .GroupMembers.Where(m => m.UserId == id)
            .Join(db.Groups, m => m.GroupId, g => g.Id, (_, g) => g.Name)
            .ToListAsync(cancellationToken);
        if (groups.Count > 0)
        {
            changes.Add(
                new FieldChange(
                    "groups",
                    string.Join("\n", groups.Order(StringComparer.Ordinal)),
                    null
                )
            );
        }
        db.Users.Remove(user);
        writer.Record(db, EventTypes.UserDelete, user, new { changes });
        return await writer.SaveAsync(db, user, null, cancellationToken);
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

    /// <summary>A user with nothing in it yet.</summary>
    internal static User New(DateTimeOffset now) =>
        new()
        {
            Username = "",
            NormalizedUsername = "",
            Email = "",
            SecurityStamp = UserWriter.NewStamp(),
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>The days for setting a second factor up that a role began end with it, and those from before it do not count in it.</summary>
    private static async Task ForgetEnrolmentAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        var standing = await db.FactorStandings.SingleOrDefaultAsync(
            s => s.UserId == user.Id,
            cancellationToken
        );
        if (standing is not null)
        {
            await EnrolmentPeriods.ForgetAsync(
                db,
                standing,
                byRole: false,
                alone: standing.Required,
                cancellationToken
            );
        }
    }

    /// <summary>Who has a role is always asked for the second step: sessions that began without it, in a browser that was let off, do not get the role.</summary>
    private async Task AskForSecondStepAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        if (user.Role is null || !(await UserFactors.ReadAsync(db, user.Id, cancellationToken)).Any)
        {
            return;
        }
        var open = await db
            .Sessions.Where(s => s.UserId == user.Id && s.EndedAt == null)
            .ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        var ended = open.FindAll(s => s.IsOpen(now) && !AuthnMethods.IsSeveral(s.Methods));
        foreach (var session in ended)
        {
            session.EndedAt = now;
        }
        if (ended.Count > 0)
        {
            Guid? only = ended is [var one] ? one.Id : null;
            writer.Record(
                db,
                EventTypes.SessionEnd,
                user,
                new
                {
                    session_id = only,
                    sessions = ended.Count,
                    reason = SessionEndReasons.RoleGranted,
                }
            );
        }
    }

    /// <summary>Makes these the groups the user is in by hand; what rules brought stays.</summary>
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
        var left = joined.Where(m => m.ByHand && !wanted.Contains(m.GroupId)).ToList();
        var added = wanted.Except(joined.Where(m => m.ByHand).Select(m => m.GroupId)).ToList();
        List<Guid> touched = [.. left.Select(m => m.GroupId), .. added];
        var groups = await db
            .Groups.AsNoTracking()
            .Where(g => touched.Contains(g.Id))
            .ToListAsync(cancellationToken);
        const MembershipReason hand = MembershipReason.Hand;
        foreach (var group in groups)
        {
            var row = joined.Find(m => m.GroupId == group.Id);
            if (added.Contains(group.Id))
            {
                Membership.Add(db, events, group, user, row, hand, time.GetUtcNow());
            }
            else
            {
                Membership.Remove(db, events, group, user, row!, hand);
            }
        }
    }
}
