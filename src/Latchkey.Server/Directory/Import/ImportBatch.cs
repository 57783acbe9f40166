using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>Puts rows into the directory, some at a time; the caller saves them together with how far the import is.</summary>
internal sealed class ImportBatch(
    UserService users,
    UserWriter writer,
    EventRecorder events,
    TimeProvider time
)
{
    /// <param name="db">Saved by the caller.</param>
    /// <param name="import">Counts.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="startingState">For new users whose row says none.</param>
    /// <param name="groups">Every group, by its normalized name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(
        LatchkeyDbContext db,
        UserImport import,
        IReadOnlyList<ImportRow> rows,
        UserState startingState,
        IReadOnlyDictionary<string, Group> groups,
        CancellationToken cancellationToken
    )
    {
        var names = rows.Select(r => UserRules.Normalize(r.Username)).ToList();
        var existing = await db
            .Users.Where(u => names.Contains(u.NormalizedUsername))
            .ToDictionaryAsync(u => u.NormalizedUsername, cancellationToken);
        var ruled = groups.Values.Where(g => g.Rule is not null).ToList();
        foreach (var row in rows)
        {
            var found = existing.GetValueOrDefault(UserRules.Normalize(row.Username));
            if (found is not null && !import.UpdateExisting)
            {
                continue;
            }
            var problems = new List<Problem>();
            var joining = Groups(row, groups, problems);
            var start = found is null
                ? new UserInput
                {
                    State = startingState,
                    Password = row.Password,
                    PasswordHash = row.PasswordHash,
                }
                : UserInput.From(found);
            var input = row.Over(start, problems);
            var factor = row.Factor(problems);
            problems.AddRange(RoleAccounts.Check(found, input));
            if (problems.Count > 0)
            {
                Refuse(db, import, row, problems);
                continue;
            }
            // J-103: who has a password is not told.
            var invited =
                found is null && import.SendMail && row is { Password: null, PasswordHash: null };
            input = input with { Mail = invited ? new ActivationMail() : null };
            var made = found is null
                ? await users.AddAsync(db, input, cancellationToken, joining.Select(g => g.Id))
                : await users.ChangeAsync(db, found, input, cancellationToken);
            if (made.Value is not { } user)
            {
                // A refused user must not be saved half-changed with the others.
                if (found is not null)
                {
                    await db.Entry(found).ReloadAsync(cancellationToken);
                }
                Refuse(db, import, row, made.Problems);
                continue;
            }
            await JoinAsync(db, user, joining, found is null, cancellationToken);
            await AskForFactorAsync(db, user, factor, cancellationToken);
            await writer.PrepareAsync(db, user, ruled, cancellationToken);
            import.Created += found is null ? 1 : 0;
            import.Updated += found is null ? 0 : 1;
        }
    }

    /// <summary>Sets the managers of some rows, now that everybody is there.</summary>
    public async Task LinkAsync(
        LatchkeyDbContext db,
        IReadOnlyList<ImportRow> rows,
        CancellationToken cancellationToken
    )
    {
        var led = rows.Where(r => r.Manager is not null).ToList();
        var names = led.SelectMany(r => new[] { r.Username, r.Manager! })
            .Select(UserRules.Normalize)
            .Distinct()
            .ToList();
        var people = await db
            .Users.Where(u => names.Contains(u.NormalizedUsername))
            .ToDictionaryAsync(u => u.NormalizedUsername, cancellationToken);
        foreach (var row in led)
        {
            if (
                people.TryGetValue(UserRules.Normalize(row.Username), out var user)
                && people.TryGetValue(UserRules.Normalize(row.Manager!), out var manager)
                && manager.Id != user.Id
                && user.ManagerId != manager.Id
            )
            {
                var change = new FieldChange(
                    "manager_id",
                    user.ManagerId?.ToString(),
                    manager.Id.ToString()
                );
                user.ManagerId = manager.Id;
                user.UpdatedAt = time.GetUtcNow();
                writer.Record(db, EventTypes.UserUpdate, user, new { changes = new[] { change } });
            }
        }
    }

    private static void Refuse(
        LatchkeyDbContext db,
        UserImport import,
        ImportRow row,
        IEnumerable<Problem> problems
    )
    {
        import.Refused++;
        foreach (var problem in problems)
        {
            ImportProblems.Add(db, import, row.Line, row.ColumnOf(problem), problem);
        }
    }

    private static List<Group> Groups(
        ImportRow row,
        IReadOnlyDictionary<string, Group> groups,
        List<Problem> problems
    )
    {
        var joining = new List<Group>();
        foreach (var (_, name) in row.Groups)
        {
            if (groups.TryGetValue(UserRules.Normalize(name), out var group))
            {
                joining.Add(group);
            }
            else
            {
                problems.Add(new Problem("import-group-unknown", "group", name));
            }
        }
        return joining;
    }

    /// <summary>Asks a second factor of this user alone, or no more. Of whoever has a role one is asked whatever a file says.</summary>
    private async Task AskForFactorAsync(
        LatchkeyDbContext db,
        User user,
        FactorWish wish,
        CancellationToken cancellationToken
    )
    {
        if (wish.Asked is not { } asked || user.Role is not null)
        {
            return;
        }
        var standing = await db.FactorStandings.SingleOrDefaultAsync(
            s => s.UserId == user.Id,
            cancellationToken
        );
        if ((standing?.Required ?? false) == asked)
        {
            return;
        }
        if (standing is null)
        {
            db.FactorStandings.Add(standing = new FactorStanding { UserId = user.Id });
        }
        standing.Required = asked;
        if (
            asked
            && wish.Days is { } days
            && !(await UserFactors.ReadAsync(db, user.Id, cancellationToken)).Any
        )
        {
            standing.EnrolBy = time.GetUtcNow().AddDays(days);
        }
        var change = new FieldChange(
            "second_factor.required",
            asked ? "false" : "true",
            asked ? "true" : "false"
        );
        writer.Record(db, EventTypes.UserUpdate, user, new { changes = new[] { change } });
    }

    /// <summary>Joins groups by hand; nobody leaves one by being imported.</summary>
    private async Task JoinAsync(
        LatchkeyDbContext db,
        User user,
        List<Group> joining,
        bool isNew,
        CancellationToken cancellationToken
    )
    {
        var rows = isNew
            ? []
            : await db
                .GroupMembers.Where(m => m.UserId == user.Id)
                .ToDictionaryAsync(m => m.GroupId, cancellationToken);
        foreach (var group in joining.Distinct())
        {
            Membership.Add(
                db,
                events,
                group,
                user,
                rows.GetValueOrDefault(group.Id),
                MembershipReason.Hand,
                time.GetUtcNow()
            );
        }
    }
}
