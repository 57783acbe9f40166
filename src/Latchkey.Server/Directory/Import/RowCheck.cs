using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// What is wrong with rows by the rules, the directory and the rows before them. The dry run and the import ask the same, so that what
/// the one leaves out the other leaves out too. What must be unique is remembered for the whole file, some tens of bytes a row;
/// everything else is looked at a batch at a time.
/// </summary>
internal sealed class RowCheck(UserState startingState)
{
    private readonly SeenRows _seen = new();

    /// <summary>Judges some rows, in the order of the file.</summary>
    /// <param name="db">Holds the users who exist, to be changed or not.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="by">The role of whoever imports.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<JudgedRow>> JudgeAsync(
        LatchkeyDbContext db,
        IReadOnlyList<ImportRow> rows,
        Role by,
        CancellationToken cancellationToken
    )
    {
        var names = rows.Select(r => UserRules.Normalize(r.Username)).ToList();
        var existing = await db
            .Users.Where(u => names.Contains(u.NormalizedUsername))
            .ToDictionaryAsync(u => u.NormalizedUsername, cancellationToken);
        var surroundings = new Surroundings(
            existing,
            await GroupsAsync(db, rows, cancellationToken),
            await AttributeDefinitions.ByNameAsync(db, cancellationToken),
            await PolicySet.ReadOnceAsync(db, cancellationToken),
            await RoleAccounts.ReadAsync(db, existing.Values, by, cancellationToken)
        );
        _seen.BeginBatch();
        var judged = rows.Select(row => Judge(row, surroundings)).ToList();
        await FindTakenAsync(db, judged, cancellationToken);
        return judged;
    }

    /// <summary>The rows judged last are behind us: those after them are compared with them.</summary>
    public void Keep() => _seen.KeepBatch();

    /// <summary>A row that was behind us before a break.</summary>
    public void Remember(ImportRow row) => _seen.Keep(row);

    private JudgedRow Judge(ImportRow row, Surroundings around)
    {
        var found = around.Existing.GetValueOrDefault(UserRules.Normalize(row.Username));
        var user = UserService.New(default);
        var problems = new List<Problem>();
        var start = found is null
            ? new UserInput
            {
                State = startingState,
                Password = row.Password,
                PasswordHash = row.PasswordHash,
            }
            : UserInput.From(found);
        var input = row.Over(start, problems);
        problems.AddRange(UserRules.Fill(user, input));
        user.State = input.State;
        AttributeTypes.Check(around.Definitions, input.Attributes, found?.Attributes, problems);
        var named = row
            .Groups.Select(g =>
                (
                    g.Column,
                    g.Name,
                    Group: around.Groups.GetValueOrDefault(UserRules.Normalize(g.Name))
                )
            )
            .ToList();
        var joining = named.Select(g => g.Group).OfType<Group>().Distinct().ToList();
        if (found is null)
        {
            CheckPassword(row, user, joining, around.Policies, problems);
        }
        if (row.Manager is { } manager && UserRules.Normalize(manager) == user.NormalizedUsername)
        {
            problems.Add(new Problem("manager-is-self", "manager"));
        }
        var factor = row.Factor(problems);
        problems.AddRange(around.RoleAccounts.Check(found, user, row.Manager));
        problems.AddRange(row.Damage());
        problems.AddRange(_seen.Add(row));
        var judged = new JudgedRow(row, found, user, input, joining, factor);
        problems.ForEach(judged.Add);
        judged.Problems.AddRange(
            named
                .Where(g => g.Group is null)
                .Select(g => (g.Column.Header, new Problem("import-group-unknown", "", g.Name)))
        );
        return judged;
    }

    private static void CheckPassword(
        ImportRow row,
        User user,
        List<Group> joining,
        PolicySet policies,
        List<Problem> problems
    )
    {
        if (row.Password is { } password)
        {
            var rules = policies.For(user, joining.Select(g => g.Id)).Rules;
            problems.AddRange(PasswordCheck.Find(rules, user, password));
        }
        if (row.PasswordHash is { } hash)
        {
            problems.AddRange(
                row.Password is null
                    ? ImportedHash.Read(hash, "password_hash").Problems
                    : [new Problem("password-and-hash", "password_hash")]
            );
        }
    }

    /// <summary>The groups that the rows name.</summary>
    private static async Task<Dictionary<string, Group>> GroupsAsync(
        LatchkeyDbContext db,
        IReadOnlyList<ImportRow> rows,
        CancellationToken cancellationToken
    )
    {
        var names = rows.SelectMany(r => r.Groups)
            .Select(g => UserRules.Normalize(g.Name))
            .Distinct()
            .ToList();
        return names.Count == 0
            ? []
            : await db
                .Groups.AsNoTracking()
                .Where(g => names.Contains(g.NormalizedName))
                .ToDictionaryAsync(g => g.NormalizedName, cancellationToken);
    }

    /// <summary>What belongs to users who are not in this row already.</summary>
    private static async Task FindTakenAsync(
        LatchkeyDbContext db,
        List<JudgedRow> judged,
        CancellationToken cancellationToken
    )
    {
        var emails = judged.Select(j => j.User.Email).Where(e => e.Length > 0).ToList();
        var identifiers = judged.Select(j => j.User.EmployeeIdentifier).OfType<string>().ToList();
        var holders = await db
            .Users.Where(u =>
                emails.Contains(u.Email)
                || (u.EmployeeIdentifier != null && identifiers.Contains(u.EmployeeIdentifier))
            )
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.EmployeeIdentifier,
            })
            .ToListAsync(cancellationToken);
        var byEmail = holders.ToDictionary(h => h.Email, h => h.Id);
        var byIdentifier = holders
            .Where(h => h.EmployeeIdentifier is not null)
            .ToDictionary(h => h.EmployeeIdentifier!, h => h.Id);
        foreach (var row in judged)
        {
            var (own, email, identifier) = (
                row.Existing?.Id,
                row.User.Email,
                row.User.EmployeeIdentifier
            );
            // An earlier row that says the same may be in already: it is named, not its user.
            if (
                byEmail.TryGetValue(email, out var holder)
                && holder != own
                && !row.IsTwice("email")
            )
            {
                row.Add(new Problem("email-taken", "email", email));
            }
            if (
                identifier is not null
                && byIdentifier.TryGetValue(identifier, out holder)
                && holder != own
                && !row.IsTwice("employee_identifier")
            )
            {
                row.Add(
                    new Problem("employee-identifier-taken", "employee_identifier", identifier)
                );
            }
        }
    }

    /// <summary>What a batch of rows is held against.</summary>
    private sealed record Surroundings(
        IReadOnlyDictionary<string, User> Existing,
        IReadOnlyDictionary<string, Group> Groups,
        IReadOnlyDictionary<string, AttributeDefinition> Definitions,
        PolicySet Policies,
        RoleAccounts RoleAccounts
    );
}

/// <summary>A row and what is wrong with it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Existing">The user there is already.</param>
/// <param name="User">The user as the row makes it; not one to be saved.</param>
/// <param name="Input">The whole user, for the directory.</param>
/// <param name="Joining">The groups that it names and that there are.</param>
/// <param name="Factor">What it says about a second factor.</param>
internal sealed record JudgedRow(
    ImportRow Row,
    User? Existing,
    User User,
    UserInput Input,
    IReadOnlyList<Group> Joining,
    FactorWish Factor
)
{
    /// <summary>With the column at which each is to be seen.</summary>
    public List<(string Column, Problem Problem)> Problems { get; } = [];

    public bool IsTwice(string field) =>
        Problems.Exists(p => p.Problem.Code == "import-twice" && p.Problem.Where == field);

    public void Add(Problem problem) => Problems.Add((Row.ColumnOf(problem), problem));
}
