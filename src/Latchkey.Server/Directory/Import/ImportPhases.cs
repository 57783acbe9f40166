using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// The three times that a file is gone through: to check it, to put its users into the directory, and to set their managers, who may
/// stand below their people.
/// </summary>
internal sealed class ImportPhases(
    IDbContextFactory<LatchkeyDbContext> databases,
    ImportFile file,
    ImportBatch batch,
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
        var check = new ImportCheck(
            import,
            await startingStates.OfAsync(CreationWay.Import, cancellationToken),
            await DefinitionsAsync(cancellationToken),
            (await GroupsAsync(cancellationToken)).ToDictionary(g => g.Key, g => g.Value.Id)
        );
        await foreach (var rows in file.ReadAsync(import.Id, cancellationToken).Chunk(CheckBatch))
        {
            await progress.AdvanceAsync(
                rows.Length,
                db => check.RunAsync(db, rows, cancellationToken),
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
        var startingState = await startingStates.OfAsync(CreationWay.Import, cancellationToken);
        var groups = await GroupsAsync(cancellationToken);
        await foreach (var rows in RemainingAsync(import, Batch, cancellationToken))
        {
            if (!await TryAsync(rows))
            {
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
                    }
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

        Task<bool> TryAsync(IReadOnlyList<ImportRow> rows) =>
            progress.TryAdvanceAsync(
                rows.Count,
                db => batch.AddAsync(db, import, rows, startingState, groups, cancellationToken),
                cancellationToken
            );
    }

    public async Task LinkAsync(ImportProgress progress, CancellationToken cancellationToken)
    {
        var import = progress.Import;
        await foreach (var rows in RemainingAsync(import, CheckBatch, cancellationToken))
        {
            await progress.AdvanceAsync(
                rows.Length,
                db => batch.LinkAsync(db, rows, cancellationToken),
                cancellationToken
            );
        }
        await progress.PassOnAsync(
            ImportState.Done,
            db =>
            {
                import.FinishedAt = time.GetUtcNow();
                db.Events.Add(Finished(import));
                return Task.CompletedTask;
            },
            cancellationToken
        );
        await file.DropAsync(import.Id, cancellationToken);
    }

    /// <summary>The rows that are not behind us yet.</summary>
    private IAsyncEnumerable<ImportRow[]> RemainingAsync(
        UserImport import,
        int size,
        CancellationToken cancellationToken
    ) => file.ReadAsync(import.Id, cancellationToken).Skip(import.RowsDone).Chunk(size);

    private Event Finished(UserImport import) =>
        events.New(
            EventTypes.UserImport,
            success: true,
            new EventSubject("import", import.Id, import.FileName),
            new
            {
                created = import.Created,
                updated = import.Updated,
                refused = import.Refused,
            }
        );

    private async Task<Dictionary<string, AttributeDefinition>> DefinitionsAsync(
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await AttributeDefinitions.ByNameAsync(db, cancellationToken);
    }

    private async Task<Dictionary<string, Group>> GroupsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .ToDictionaryAsync(g => g.NormalizedName, cancellationToken);
    }
}
