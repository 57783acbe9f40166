using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// The dry run: judges every row against the rules, the directory and the rows before it, and changes nothing. What must be unique is
/// remembered for the whole file, some tens of bytes a row; everything else is looked at a batch at a time.
/// </summary>
internal sealed class ImportCheck(
    UserImport import,
    UserState startingState,
    IReadOnlyDictionary<string, AttributeDefinition> definitions,
    IReadOnlyDictionary<string, Guid> groups
)
{
    private readonly HashSet<string> _usernames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _emails = new(StringComparer.Ordinal);
    private readonly HashSet<string> _identifiers = new(StringComparer.Ordinal);
    private readonly List<(int Line, string Column, string Manager)> _managers = [];

    /// <summary>Judges some rows; the caller saves.</summary>
    public async Task RunAsync(
        LatchkeyDbContext db,
        IReadOnlyList<ImportRow> rows,
        CancellationToken cancellationToken
    )
    {
        var names = rows.Select(r => UserRules.Normalize(r.Username)).ToList();
        var existing = await db
            .Users.AsNoTracking()
            .Where(u => names.Contains(u.NormalizedUsername))
            .ToDictionaryAsync(u => u.NormalizedUsername, cancellationToken);
        var policies = await PolicySet.ReadAsync(db, cancellationToken);
        var judged = rows.Select(row => Judge(row, existing, policies)).ToList();
        await FindTakenAsync(db, judged, cancellationToken);
        foreach (var (row, user, problems, isNew) in judged)
        {
            import.Rows++;
            foreach (var (column, problem) in problems)
            {
                ImportProblems.Add(db, import, row.Line, column, problem);
            }
            import.Refused += problems.Count > 0 ? 1 : 0;
            import.Created += problems.Count == 0 && isNew ? 1 : 0;
            import.Updated += problems.Count == 0 && !isNew && import.UpdateExisting ? 1 : 0;
        }
    }

    /// <summary>Managers, who may stand below their people: asked when the whole file is known.</summary>
    public async Task FinishAsync(LatchkeyDbContext db, CancellationToken cancellationToken)
    {
        foreach (var some in _managers.Chunk(500))
        {
            var names = some.Select(m => UserRules.Normalize(m.Manager)).ToList();
            var known = await db
                .Users.Where(u => names.Contains(u.NormalizedUsername))
                .Select(u => u.NormalizedUsername)
                .ToListAsync(cancellationToken);
            foreach (var (line, column, manager) in some)
            {
                var name = UserRules.Normalize(manager);
                if (!known.Contains(name) && !_usernames.Contains(name))
                {
                    ImportProblems.Add(
                        db,
                        import,
                        line,
                        column,
                        new Problem("import-manager-unknown", "", manager)
                    );
                }
            }
        }
    }

    private Judged Judge(ImportRow row, Dictionary<string, User> existing, PolicySet policies)
    {
        var name = UserRules.Normalize(row.Username);
        var found = existing.GetValueOrDefault(name);
        var user = UserService.New(default);
        var problems = new List<Problem>();
        var start = found is null ? new UserInput { State = startingState } : UserInput.From(found);
        var input = row.Over(start, problems);
        problems.AddRange(UserRules.Fill(user, input));
        AttributeTypes.Check(definitions, input.Attributes, found?.Attributes, problems);
        if (found is null && row.Password is { } password)
        {
            var joining = row
                .Groups.Select(g => groups.GetValueOrDefault(UserRules.Normalize(g.Name)))
                .Where(id => id != default);
            problems.AddRange(
                PasswordCheck.Find(policies.For(user, joining).Rules, user, password)
            );
        }
        if (found is null && row.PasswordHash is { } hash)
        {
            problems.AddRange(
                row.Password is null
                    ? ImportedHash.Read(hash, "password_hash").Problems
                    : [new Problem("password-and-hash", "password_hash")]
            );
        }
        row.Factor(problems);
        problems.AddRange(RoleAccounts.Check(found, input));
        if (row.Cells.Length > row.Columns.Count)
        {
            problems.Add(new Problem("import-too-many-cells", "", row.Columns.Count));
        }
        if (Array.Exists(row.Cells, cell => cell.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            problems.Add(new Problem("import-not-utf8", ""));
        }
        Once(_usernames, name, "username", problems);
        Once(_emails, user.Email, "email", problems);
        Once(_identifiers, user.EmployeeIdentifier, "employee_identifier", problems);
        var placed = problems.Select(p => (row.ColumnOf(p), p)).ToList();
        placed.AddRange(
            row.Groups.Where(g => !groups.ContainsKey(UserRules.Normalize(g.Name)))
                .Select(g => (g.Column.Header, new Problem("import-group-unknown", "", g.Name)))
        );
        if (row.Manager is { } manager)
        {
            _managers.Add((row.Line, row.HeaderOf("manager"), manager));
        }
        return new Judged(row, user, placed, found is null) { ExistingId = found?.Id };
    }

    private static void Once(
        HashSet<string> seen,
        string? value,
        string field,
        List<Problem> problems
    )
    {
        if (!string.IsNullOrEmpty(value) && !seen.Add(value))
        {
            problems.Add(new Problem("import-twice", field, value));
        }
    }

    /// <summary>What belongs to users who are not in this row already.</summary>
    private static async Task FindTakenAsync(
        LatchkeyDbContext db,
        List<Judged> judged,
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
        foreach (var row in judged)
        {
            foreach (var holder in holders.Where(h => h.Id != row.ExistingId))
            {
                if (holder.Email == row.User.Email)
                {
                    row.Add(new Problem("email-taken", "email", holder.Email));
                }
                if (
                    holder.EmployeeIdentifier is { } identifier
                    && identifier == row.User.EmployeeIdentifier
                )
                {
                    row.Add(
                        new Problem("employee-identifier-taken", "employee_identifier", identifier)
                    );
                }
            }
        }
    }

    private sealed record Judged(
        ImportRow Row,
        User User,
        List<(string Column, Problem Problem)> Problems,
        bool IsNew
    )
    {
        public Guid? ExistingId { get; init; }

        public void Add(Problem problem) => Problems.Add((Row.ColumnOf(problem), problem));
    }
}
