using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>The dry run: counts what the import would do, writes down what is wrong with each row, and changes nothing.</summary>
internal sealed class ImportCheck(UserImport import, RowCheck check)
{
    private readonly HashSet<string> _usernames = new(StringComparer.Ordinal);
    private readonly List<(int Line, string Column, string Manager)> _managers = [];

    /// <summary>Judges some rows; the caller saves.</summary>
    public async Task RunAsync(
        LatchkeyDbContext db,
        IReadOnlyList<ImportRow> rows,
        Role by,
        CancellationToken cancellationToken
    )
    {
        foreach (var judged in await check.JudgeAsync(db, rows, by, cancellationToken))
        {
            var (row, problems) = (judged.Row, judged.Problems);
            ImportProblems.Add(db, import, row.Line, problems);
            var isNew = judged.Existing is null;
            import.Rows++;
            import.Refused += problems.Count > 0 ? 1 : 0;
            import.Created += problems.Count == 0 && isNew ? 1 : 0;
            import.Updated += problems.Count == 0 && !isNew && import.UpdateExisting ? 1 : 0;
            if (problems.Count == 0)
            {
                _usernames.Add(judged.User.NormalizedUsername);
                if (row.Manager is { } manager && (isNew || import.UpdateExisting))
                {
                    _managers.Add((row.Line, row.HeaderOf("manager"), manager));
                }
            }
        }
        check.Keep();
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
                .ToHashSetAsync(cancellationToken);
            foreach (var (line, column, manager) in some)
            {
                var name = UserRules.Normalize(manager);
                if (!known.Contains(name) && !_usernames.Contains(name))
                {
                    ImportProblems.Add(
                        db,
                        import,
                        line,
                        [(column, new Problem("import-manager-unknown", "", manager))]
                    );
                }
            }
        }
    }
}
