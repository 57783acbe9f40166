using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// What an import does one after the other: its file is gone through to check it, and to put its users into the directory; then their
/// managers are set, who may stand below their people.
/// </summary>
internal sealed class ImportPhases(
    IDbContextFactory<LatchkeyDbContext> databases,
    ImportFile file,
    ImportBatch batch,
    RuleMembership rules,
    StartingStates startingStates,
    EventRecorder events,
    TimeProvider time
)
{
    private const int Batch = 50;
    private const int CheckBatch = 200;

    /// <summary>From the beginning, also after a break: what must be unique is known only after the rows before.</summary>
    public async Task CheckAsync(ImportProgress progress, CancellationToken cancellationToken)
    {
        var import = progress.Import;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            await db
                .UserImportProblems.Where(p => p.ImportId == import.Id)
                .ExecuteDeleteAsync(cancellationToken);
        }
        await progress.BeginAnewAsync(cancellationToken);
        var check = new ImportCheck(import, await RowsAsync(cancellationToken));
        await foreach (var rows in file.ReadAsync(import.Id, cancellationToken).Chunk(CheckBatch))
        {
            await progress.AdvanceAsync(
                rows.Length,
                async db =>
                    await check.RunAsync(
                        db,
                        rows,
                        await ImportRights.RoleAsync(db, import, cancellationToken),
                        cancellationToken
                    ),
                cancellationToken
            );
        }
        await progress.PassOnAsync(
            ImportState.Checked,
            db => check.FinishAsync(db, cancellationToken),
            cancellationToken
        );
    }

    public async Task ImportAsync(ImportProgress progress, CancellationToken cancellationToken)
    {
        var import = progress.Import;
        var check = await RowsAsync(cancellationToken);
        await foreach (var rows in RemainingAsync(import, check, cancellationToken))
        {
            if (await TryAsync(rows))
            {
                continue;
            }
            // Somebody made one of these users meanwhile: row by row, so that the others get in.
            foreach (var row in rows)
            {
                if (!await TryAsync([row]))
                {
                    await progress.LeaveOutAsync(
                        row,
                        new Problem("import-changed-meanwhile", ""),
                        cancellationToken
                    );
                    check.Keep();
                }
            }
        }
        await progress.PassOnAsync(
            ImportState.Linking,
            _ =>
            {
                import.RowsDone = 0;
                return Task.CompletedTask;
            },
            cancellationToken
        );

        async Task<bool> TryAsync(IReadOnlyList<ImportRow> rows)
        {
            var taken = await progress.TryAdvanceAsync(
                rows.Count,
                async db =>
                {
                    var by = await ImportRights.RoleAsync(db, import, cancellationToken);
                    var judged = await check.JudgeAsync(db, rows, by, cancellationToken);
                    await batch.AddAsync(db, import, judged, cancellationToken);
                },
                cancellationToken,
                db => rules.SaveAsync(db, cancellationToken)
            );
            if (taken)
            {
                check.Keep();
            }
            return taken;
        }
    }

    public async Task LinkAsync(ImportProgress progress, CancellationToken cancellationToken)
    {
        var import = progress.Import;
        while (await NextLinksAsync(import, cancellationToken) is [.., var last] links)
        {
            await progress.AdvanceAsync(
                last.Row - import.RowsDone,
                async db =>
                    await batch.LinkAsync(
                        db,
                        import,
                        links,
                        await ImportRights.RoleAsync(db, import, cancellationToken),
                        cancellationToken
                    ),
                cancellationToken
            );
        }
        await progress.PassOnAsync(
            ImportState.Done,
            db =>
            {
                import.FinishedAt = time.GetUtcNow();
                db.Events.Add(Finished(events, import));
                return Task.CompletedTask;
            },
            cancellationToken
        );
        await file.DropAsync(import.Id, cancellationToken);
    }

    /// <summary>That an import is over, and what came of it.</summary>
    public static Event Finished(
        EventRecorder events,
        UserImport import,
        EventActor? actor = null
    ) =>
        events.New(
            EventTypes.UserImport,
            success: import.State != ImportState.Stopped,
            new EventSubject("import", import.Id, import.FileName),
            new
            {
                created = import.Created,
                updated = import.Updated,
                refused = import.Refused,
            },
            actor: actor
        );

    /// <summary>The rows that are not behind us yet; those that are, are remembered.</summary>
    private IAsyncEnumerable<ImportRow[]> RemainingAsync(
        UserImport import,
        RowCheck check,
        CancellationToken cancellationToken
    )
    {
        var done = import.RowsDone;
        return file.ReadAsync(import.Id, cancellationToken)
            .Where(row =>
            {
                if (row.Number > done)
                {
                    return true;
                }
                check.Remember(row);
                return false;
            })
            .Chunk(Batch);
    }

    private async Task<List<UserImportLink>> NextLinksAsync(
        UserImport import,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImportLinks.AsNoTracking()
            .Where(l => l.ImportId == import.Id && l.Row > import.RowsDone)
            .OrderBy(l => l.Row)
            .Take(CheckBatch)
            .ToListAsync(cancellationToken);
    }

    private async Task<RowCheck> RowsAsync(CancellationToken cancellationToken) =>
        new(await startingStates.OfAsync(CreationWay.Import, cancellationToken));
}
