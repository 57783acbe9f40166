using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the users of a declaration and checks them by the directory's own rules.</summary>
internal sealed class UserPlanner(
    LatchkeyDbContext database,
    UserState startingState,
    IReadOnlyDictionary<string, AttributeDefinition> definitions,
    MetadataFiles files,
    DateTimeOffset now,
    DeclarationProblems problems,
    CancellationToken cancellationToken
)
{
    private HashSet<string> _usersOfFile = [];

    private readonly Dictionary<(string Field, string Value), string> _taken = [];

    /// <summary>What a file's administrators become.</summary>
    private Role _administrators = Role.Administrator;

    public async Task<IReadOnlyList<PlannedUser>> PlanAsync(DeclaredState state)
    {
        _usersOfFile = [.. state.Users.Select(u => UserRules.Normalize(u.Username))];
        // The first ones of all, of an empty database that a file fills: there is always an owner.
        if (!await database.Users.AnyAsync(u => u.Role == Role.Owner, cancellationToken))
        {
            _administrators = Role.Owner;
        }
        var administrators = state.Administrators.ToDictionary(
            a => UserRules.Normalize(a.Username),
            a => a,
            StringComparer.Ordinal
        );
        var planned = new List<PlannedUser>();
        foreach (var declared in state.Users)
        {
            var isAdministrator = administrators.Remove(UserRules.Normalize(declared.Username));
            planned.Add(await PlanAsync(declared, isAdministrator));
        }
        foreach (var (line, username) in administrators.Values)
        {
            if (await FindAsync(username) is not { } user)
            {
                problems.Add(line, "declaration-user-unknown", username);
                continue;
            }
            // Named only as an administrator: everything else about the user stays.
            planned.Add(
                await PlanAsync(
                    new DeclaredUser
                    {
                        Line = line,
                        Lines = new Dictionary<string, int>(),
                        Username = user.Username,
                        Fields = new Dictionary<string, string>(),
                    },
                    isAdministrator: true
                )
            );
        }
        return planned;
    }

    private async Task<PlannedUser> PlanAsync(DeclaredUser declared, bool isAdministrator)
    {
        var existing = await FindAsync(declared.Username);
        var start = existing is null
            ? new UserInput { State = startingState }
            : UserInput.From(existing);
        var input = declared.Over(start) with
        {
            // Whoever is an owner already is an administrator and more.
            Role =
                isAdministrator && declared.Over(start).Role != Role.Owner
                    ? _administrators
                    : declared.Over(start).Role,
        };
        var result = Blank(existing);
        var found = UserRules.Fill(result, input);
        if (existing is null)
        {
            input = input with
            {
                State = SchedulePlanner.Reached(declared, now) ?? input.State,
                Password = Password(declared, found),
                PasswordHash = declared.PasswordHash,
            };
        }
        result.State = input.State;
        AttributeTypes.Check(definitions, input.Attributes, existing?.Attributes, found);
        if (input.Password is { } password)
        {
            var policies = await PolicySet.ReadOnceAsync(database, cancellationToken);
            found.AddRange(PasswordCheck.Find(policies.For(result, null).Rules, result, password));
        }
        if (input.PasswordHash is { } hash)
        {
            found.AddRange(
                input.Password is null
                    ? ImportedHash.Read(hash, "password_hash").Problems
                    : [new Problem("password-and-hash", "password_hash")]
            );
        }
        await CheckAgainstOthersAsync(result, declared, found);
        foreach (var problem in found)
        {
            problems.Add(
                DeclarationLines.Find(declared.Lines, problem.Where, declared.Line),
                problem
            );
        }
        var after = UserChanges.Snapshot(result);
        var changes = existing is null
            ? FieldChange.New(after)
            : FieldChange.Between(UserChanges.Snapshot(existing), after);
        if (input.Password is not null || input.PasswordHash is not null)
        {
            changes.Add(new FieldChange("password", null, FieldChange.Masked));
        }
        await SchedulePlanner.AddChangesAsync(
            database,
            declared,
            existing,
            now,
            changes,
            cancellationToken
        );
        if (declared.Manager is { } manager)
        {
            await PlanManagerAsync(declared, existing, manager, changes);
        }
        return new PlannedUser(declared, existing, input, changes);
    }

    /// <summary>Only when the user is made; for the others nobody needs to know it.</summary>
    private string? Password(DeclaredUser declared, List<Problem> found)
    {
        if (declared.PasswordFrom is not { } reference)
        {
            return declared.Password;
        }
        var secret = files.Secret(reference);
        found.AddRange(secret.Problems);
        return secret.Value;
    }

    /// <summary>A manager may be declared further down: who it is gets its place when all users are there.</summary>
    private async Task PlanManagerAsync(
        DeclaredUser declared,
        User? existing,
        string manager,
        List<FieldChange> changes
    )
    {
        var current = existing?.ManagerId is { } id
            ? await database
                .Users.Where(u => u.Id == id)
                .Select(u => u.Username)
                .SingleOrDefaultAsync(cancellationToken)
            : null;
        if (string.Equals(current ?? "", manager, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }
        changes.Add(new FieldChange("manager", current, manager.Length == 0 ? null : manager));
        if (
            manager.Length > 0
            && !_usersOfFile.Contains(UserRules.Normalize(manager))
            && await FindAsync(manager) is null
        )
        {
            problems.Add(
                DeclarationLines.Find(declared.Lines, "manager", declared.Line),
                new Problem("declaration-user-unknown", "manager", manager)
            );
        }
    }

    private Task<User?> FindAsync(string username)
    {
        var normalized = UserRules.Normalize(username);
        return database
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.NormalizedUsername == normalized, cancellationToken);
    }

    private async Task CheckAgainstOthersAsync(
        User user,
        DeclaredUser declared,
        List<Problem> found
    )
    {
        var others = database.Users.Where(u => u.Id != user.Id);
        if (await others.AnyAsync(u => u.Email == user.Email, cancellationToken))
        {
            found.Add(new Problem("email-taken", "email", user.Email));
        }
        if (
            user.EmployeeIdentifier is { } id
            && await others.AnyAsync(u => u.EmployeeIdentifier == id, cancellationToken)
        )
        {
            found.Add(new Problem("employee-identifier-taken", "employee_identifier", id));
        }
        foreach (
            var (field, value) in new[]
            {
                ("email", user.Email),
                ("employee_identifier", user.EmployeeIdentifier),
            }
        )
        {
            if (!string.IsNullOrEmpty(value) && !_taken.TryAdd((field, value), declared.Username))
            {
                found.Add(new Problem("declaration-duplicate-value", field, field, value));
            }
        }
    }

    private static User Blank(User? existing) =>
        new()
        {
            Id = existing?.Id ?? Guid.CreateVersion7(),
            Username = "",
            NormalizedUsername = "",
            Email = "",
            SecurityStamp = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
}
