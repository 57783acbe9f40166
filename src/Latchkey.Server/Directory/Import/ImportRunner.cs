using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// Moves imports on, on any node: takes one for a while and goes through its file. A node that dies leaves an import that another takes
/// up when the lease is over.
/// </summary>
internal sealed class ImportRunner(
    IDbContextFactory<LatchkeyDbContext> databases,
    ImportFile file,
    IServiceScopeFactory scopes,
    TimeProvider time
)
{
    /// <summary>How long a file that was checked waits for somebody to say yes: it may hold passwords.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

    /// <summary>So often an import is taken up without getting on before it is given up. Each time a lease has to end before.</summary>
    public const int MostTakes = 5;

    /// <summary>Works on whatever is to be done until there is nothing left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await BreakOffAsync(cancellationToken);
        while (await TakeAsync(cancellationToken) is { } id)
        {
            await MoveOnAsync(id, cancellationToken);
        }
    }

    /// <summary>Ends what a node was storing when it died: what is there is not the whole file.</summary>
    private async Task BreakOffAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var broken = await db
            .UserImports.Where(i => i.State == ImportState.Uploading && i.LeaseUntil < now)
            .Select(i => i.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in broken)
        {
            await file.BreakOffAsync(id, cancellationToken);
        }
    }

    /// <summary>Forgets files that were checked and that nobody wanted.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - s_kept;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db
            .UserImports.Where(i => i.State == ImportState.Checked && i.CreatedAt < oldest)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<Guid?> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = await db
            .UserImports.Where(i =>
                (
                    i.State == ImportState.Checking
                    || i.State == ImportState.Importing
                    || i.State == ImportState.Linking
                ) && (i.LeaseUntil == null || i.LeaseUntil < now)
            )
            .OrderBy(i => i.Id)
            .Select(i => i.Id)
            .Take(10)
            .ToListAsync(cancellationToken);
        DateTimeOffset? until = now + ImportProgress.Lease;
        foreach (var id in waiting)
        {
            var taken = await db
                .UserImports.Where(i => i.Id == id && (i.LeaseUntil == null || i.LeaseUntil < now))
                .ExecuteUpdateAsync(
                    i =>
                        i.SetProperty(x => x.LeaseUntil, until)
                            .SetProperty(x => x.Takes, x => x.Takes + 1),
                    cancellationToken
                );
            if (taken == 1)
            {
                return id;
            }
        }
        return null;
    }

    private async Task MoveOnAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var import = await FindAsync(id, cancellationToken);
        if (import is null)
        {
            return;
        }
        var events = scope.ServiceProvider.GetRequiredService<EventRecorder>();
        events.Actor = import.By();
        if (import.Takes > MostTakes)
        {
            var problem = new Problem("import-failed", "", MostTakes, import.RowsDone);
            await GiveUpAsync(id, new ImportFileException(0, problem), events, cancellationToken);
            return;
        }
        var phases = scope.ServiceProvider.GetRequiredService<ImportPhases>();
        var progress = new ImportProgress(import, databases, time);
        try
        {
            switch (import.State)
            {
                case ImportState.Checking:
                    await phases.CheckAsync(progress, cancellationToken);
                    break;
                case ImportState.Importing:
                    await phases.ImportAsync(progress, cancellationToken);
                    break;
                default:
                    await phases.LinkAsync(progress, cancellationToken);
                    break;
            }
        }
        catch (ImportFileException e)
        {
            await GiveUpAsync(id, e, events, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node has it, or somebody stopped it.
        }
    }

    /// <summary>Ends an import that cannot go on. Before anything was imported its file is refused, later it is stopped.</summary>
    private async Task GiveUpAsync(
        Guid id,
        ImportFileException e,
        EventRecorder events,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (
            await db.UserImports.SingleOrDefaultAsync(
                i => i.Id == id && i.State != ImportState.Stopped,
                cancellationToken
            ) is
            { } import
        )
        {
            var begun = import.State is ImportState.Importing or ImportState.Linking;
            ImportProblems.Add(db, import, e.Line, e.Problem);
            (import.State, import.LeaseUntil) = (
                begun ? ImportState.Stopped : ImportState.Refused,
                null
            );
            import.FinishedAt = time.GetUtcNow();
            if (begun)
            {
                db.Events.Add(ImportPhases.Finished(events, import));
            }
            await db.SaveChangesAsync(cancellationToken);
        }
        await file.DropAsync(id, cancellationToken);
    }

    private async Task<UserImport?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImports.AsNoTracking()
            .SingleOrDefaultAsync(i => i.Id == id, cancellationToken);
    }
}
