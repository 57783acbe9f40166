using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the users of a declaration and checks them by the directory's own rules.</summary>
internal sealed class UserPlanner(
    LatchkeyDbContext database,
    UserState startingState,
    IReadOnlyDictionary<string, AttributeDefinition> definitions,
    DeclarationProblems problems,
    CancellationToken cancellationToken
)
{
    private readonly Dictionary<(string Field, string Value), string> _taken = [];

    /// <summary>What a file's administrators become.</summary>
    private Role _administrators = Role.Administrator;

    public async Task<IReadOnlyList<PlannedUser>> PlanAsync(DeclaredState state)
    {
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
        var input = Overlay(start, declared) with
        {
            // Whoever is an owner already is an administrator and more.
            Role = isAdministrator && start.Role != Role.Owner ? _administrators : start.Role,
            Password = existing is null ? declared.Password : null,
        };
        var result = Blank(existing);
        var found = UserRules.Fill(result, input);
        result.State = input.State;
        AttributeTypes.Check(definitions, input.Attributes, found);
        if (input.Password is { } password)
        {
            var policies = await PolicySet.ReadOnceAsync(database, cancellationToken);
            found.AddRange(PasswordCheck.Find(policies.For(result, null).Rules, result, password));
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
        if (input.Password is not null)
        {
            changes.Add(new FieldChange("password", null, FieldChange.Masked));
        }
        return new PlannedUser(declared, existing, input, changes);
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

    private static UserInput Overlay(UserInput start, DeclaredUser declared)
    {
        // An empty text empties the field.
        string? Field(string name, string? current) =>
            declared.Fields.TryGetValue(name, out var said) ? said : current;

        return start with
        {
            Username = declared.Username,
            Email = Field("email", start.Email) ?? "",
            AlternateEmail = Field("alternate_email", start.AlternateEmail),
            RecoveryEmail = Field("recovery_email", start.RecoveryEmail),
            FirstName = Field("firstname", start.FirstName),
            MiddleName = Field("middlename", start.MiddleName),
            LastName = Field("lastname", start.LastName),
            DisplayName = Field("displayname", start.DisplayName),
            Description = Field("description", start.Description),
            Company = Field("company", start.Company),
            CostCenter = Field("cost_center", start.CostCenter),
            Department = Field("department", start.Department),
            EmployeeIdentifier = Field("employee_identifier", start.EmployeeIdentifier),
            EmployeeType = Field("employee_type", start.EmployeeType),
            JobTitle = Field("job_title", start.JobTitle),
            Location = Field("location", start.Location),
            Attributes = declared.Attributes ?? start.Attributes,
            State = declared.State ?? start.State,
        };
    }
}
