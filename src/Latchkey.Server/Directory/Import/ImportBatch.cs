using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
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
    /// <param name="rows">Which rows, as they were judged with the same context.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(
        LatchkeyDbContext db,
        UserImport import,
        IReadOnlyList<JudgedRow> rows,
        CancellationToken cancellationToken
    )
    {
        foreach (var judged in rows)
        {
            if (judged.Problems.Count > 0)
            {
                Refuse(db, import, judged.Row, judged.Problems);
            }
            else if (judged.Existing is null || import.UpdateExisting)
            {
                await AddAsync(db, import, judged, cancellationToken);
            }
        }
    }

    /// <summary>Sets some managers, now that everybody is there.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="import">Which import.</param>
    /// <param name="links">Who gets whom.</param>
    /// <param name="by">The role of whoever imports.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LinkAsync(
        LatchkeyDbContext db,
        UserImport import,
        IReadOnlyList<UserImportLink> links,
        Role by,
        CancellationToken cancellationToken
    )
    {
        var ids = links.Select(l => l.UserId).ToList();
        var people = await db
            .Users.Where(u => ids.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, cancellationToken);
        var names = links.Select(l => UserRules.Normalize(l.Manager)).Distinct().ToList();
        var managers = await db
            .Users.Where(u => names.Contains(u.NormalizedUsername))
            .ToDictionaryAsync(u => u.NormalizedUsername, u => u.Id, cancellationToken);
        foreach (var link in links)
        {
            if (people.GetValueOrDefault(link.UserId) is not { } user)
            {
                continue;
            }
            if (!managers.TryGetValue(UserRules.Normalize(link.Manager), out var manager))
            {
                Tell(new Problem("import-manager-unknown", "", link.Manager));
            }
            else if (user.ManagerId != manager && !RoleTable.MayTouch(by, user.Role))
            {
                Tell(UserWriter.Above);
            }
            else if (user.ManagerId != manager)
            {
                var change = new FieldChange(
                    "manager_id",
                    user.ManagerId?.ToString(),
                    manager.ToString()
                );
                user.ManagerId = manager;
                user.UpdatedAt = time.GetUtcNow();
                writer.Record(db, EventTypes.UserUpdate, user, new { changes = new[] { change } });
            }

            void Tell(Problem problem) =>
                ImportProblems.Add(db, import, link.Line, [(link.ColumnName, problem)]);
        }
    }

    private async Task AddAsync(
        LatchkeyDbContext db,
        UserImport import,
        JudgedRow judged,
        CancellationToken cancellationToken
    )
    {
        var (row, found) = (judged.Row, judged.Existing);
        // J-103: who has a password is not told.
        var invited =
            found is null && import.SendMail && row is { Password: null, PasswordHash: null };
        var input = judged.Input with { Mail = invited ? new ActivationMail() : null };
        var made = found is null
            ? await users.AddAsync(db, input, cancellationToken, judged.Joining.Select(g => g.Id))
            : await users.ChangeAsync(db, found, input, cancellationToken);
        if (made.Value is not { } user)
        {
            // A refused user must not be saved half-changed with the others.
            if (found is not null)
            {
                await db.Entry(found).ReloadAsync(cancellationToken);
            }
            Refuse(db, import, row, [.. made.Problems.Select(p => (row.ColumnOf(p), p))]);
            return;
        }
        await JoinAsync(db, user, judged.Joining, found is null, cancellationToken);
        await AskForFactorAsync(db, user, judged.Factor, cancellationToken);
        await writer.PrepareAsync(db, user, cancellationToken);
        if (row.Manager is { } manager)
        {
            db.UserImportLinks.Add(
                new UserImportLink
                {
                    ImportId = import.Id,
                    Row = row.Number,
                    Line = row.Line,
                    ColumnName = row.HeaderOf("manager"),
                    UserId = user.Id,
                    Manager = manager,
                }
            );
        }
        import.Created += found is null ? 1 : 0;
        import.Updated += found is null ? 0 : 1;
    }

    private static void Refuse(
        LatchkeyDbContext db,
        UserImport import,
        ImportRow row,
        IReadOnlyList<(string Column, Problem Problem)> problems
    )
    {
        import.Refused++;
        ImportProblems.Add(db, import, row.Line, problems);
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
        var wasAsked = standing?.Required ?? false;
        var days = asked ? wish.Days : null;
        if (wasAsked == asked && days is null)
        {
            return;
        }
        if (standing is null)
        {
            db.FactorStandings.Add(standing = new FactorStanding { UserId = user.Id });
        }
        var changes = new List<FieldChange>();
        if (wasAsked != asked)
        {
            await EnrolmentPeriods.ForgetAsync(
                db,
                standing,
                byRole: false,
                alone: false,
                cancellationToken
            );
            standing.Required = asked;
            changes.Add(
                new("second_factor.required", wasAsked ? "true" : "false", asked ? "true" : "false")
            );
        }
        // Counted anew each time that a file says them, unless there is nothing left to set up.
        if (
            days is { } within
            && !(await UserFactors.ReadAsync(db, user.Id, cancellationToken)).Any
        )
        {
            var from = time.GetUtcNow();
            var by = from.AddDays(within);
            changes.Add(new("second_factor.enrol_by", Text(standing.EnrolBy), Text(by)));
            (standing.EnrolFrom, standing.EnrolBy) = (from, by);
        }
        if (changes.Count > 0)
        {
            writer.Record(db, EventTypes.UserUpdate, user, new { changes });
        }

        static string? Text(DateTimeOffset? at) =>
            at?.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Joins groups by hand; nobody leaves one by being imported.</summary>
    private async Task JoinAsync(
        LatchkeyDbContext db,
        User user,
        IReadOnlyList<Group> joining,
        bool isNew,
        CancellationToken cancellationToken
    )
    {
        var rows =
            isNew || joining.Count == 0
                ? []
                : await db
                    .GroupMembers.Where(m => m.UserId == user.Id)
                    .ToDictionaryAsync(m => m.GroupId, cancellationToken);
        foreach (var group in joining)
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
