using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// Moves imports on, on any node: takes one for a while, does a batch, and saves it with how far it is in one transaction. A node that
/// dies leaves an import that another takes up at the same row. Two who think they have it cannot both move it on.
/// </summary>
internal sealed class ImportRunner(
    IDbContextFactory<LatchkeyDbContext> databases,
    ImportFile file,
    IServiceScopeFactory scopes,
    TimeProvider time
)
{
    private const int Batch = 50;
    private const int CheckBatch = 200;
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    /// <summary>How long a file that was checked waits for somebody to say yes: it may hold passwords.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

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
        DateTimeOffset? until = now + s_lease;
        foreach (var id in waiting)
        {
            var taken = await db
                .UserImports.Where(i => i.Id == id && (i.LeaseUntil == null || i.LeaseUntil < now))
                .ExecuteUpdateAsync(
                    i => i.SetProperty(x => x.LeaseUntil, until),
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
        scope.ServiceProvider.GetRequiredService<EventRecorder>().Actor = new EventActor(
            import.StartedById,
            import.StartedByName
        );
        try
        {
            switch (import.State)
            {
                case ImportState.Checking:
                    await CheckAsync(import, scope.ServiceProvider, cancellationToken);
                    break;
                case ImportState.Importing:
                    await ImportAsync(import, scope.ServiceProvider, cancellationToken);
                    break;
                default:
                    await LinkAsync(import, scope.ServiceProvider, cancellationToken);
                    break;
            }
        }
        catch (ImportFileException e)
        {
            await RefuseAsync(id, e, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node has it.
        }
    }

    /// <summary>From the beginning, also after a break: what must be unique is known only after the rows before.</summary>
    private async Task CheckAsync(
        UserImport import,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            await db
                .UserImportProblems.Where(p => p.ImportId == import.Id)
                .ExecuteDeleteAsync(cancellationToken);
        }
        (import.Rows, import.RowsDone, import.Problems) = (0, 0, 0);
        (import.Created, import.Updated, import.Refused) = (0, 0, 0);
        var check = new ImportCheck(
            import,
            await StartingStateAsync(services, cancellationToken),
            await DefinitionsAsync(cancellationToken),
            (await GroupsAsync(cancellationToken)).ToDictionary(g => g.Key, g => g.Value.Id)
        );
        await foreach (var rows in file.ReadAsync(import.Id, cancellationToken).Chunk(CheckBatch))
        {
            await using var db = await AttachAsync(import, cancellationToken);
            await check.RunAsync(db, rows, cancellationToken);
            import.RowsDone += rows.Length;
            import.LeaseUntil = time.GetUtcNow() + s_lease;
            await db.SaveChangesAsync(cancellationToken);
        }
        await using var last = await AttachAsync(import, cancellationToken);
        await check.FinishAsync(last, cancellationToken);
        (import.State, import.LeaseUntil) = (ImportState.Checked, null);
        await last.SaveChangesAsync(cancellationToken);
    }

    private async Task ImportAsync(
        UserImport import,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var startingState = await StartingStateAsync(services, cancellationToken);
        var groups = await GroupsAsync(cancellationToken);
        await foreach (
            var rows in file.ReadAsync(import.Id, cancellationToken)
                .Skip(import.RowsDone)
                .Chunk(Batch)
        )
        {
            if (!await TryAsync(rows))
            {
                // Somebody made one of these users meanwhile: row by row, so that the others get in.
                foreach (var row in rows)
                {
                    if (!await TryAsync([row]))
                    {
                        await LeaveOutAsync(import, row, cancellationToken);
                    }
                }
            }
        }
        await NextAsync(import, ImportState.Linking, cancellationToken);

        async Task<bool> TryAsync(IReadOnlyList<ImportRow> rows)
        {
            var before = Counts.Of(import);
            try
            {
                await using var db = await AttachAsync(import, cancellationToken);
                await services
                    .GetRequiredService<ImportBatch>()
                    .AddAsync(db, import, rows, startingState, groups, cancellationToken);
                import.RowsDone += rows.Count;
                import.LeaseUntil = time.GetUtcNow() + s_lease;
                await db.SaveChangesAsync(cancellationToken);
                return true;
            }
            catch (DbUpdateException e)
                when (e is not DbUpdateConcurrencyException concurrency
                    || !concurrency.Entries.Any(entry => entry.Entity is UserImport)
                )
            {
                before.Restore(import);
                return false;
            }
        }
    }

    private async Task LinkAsync(
        UserImport import,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        await foreach (
            var rows in file.ReadAsync(import.Id, cancellationToken)
                .Skip(import.RowsDone)
                .Chunk(CheckBatch)
        )
        {
            await using var db = await AttachAsync(import, cancellationToken);
            await services.GetRequiredService<ImportBatch>().LinkAsync(db, rows, cancellationToken);
            import.RowsDone += rows.Length;
            import.LeaseUntil = time.GetUtcNow() + s_lease;
            await db.SaveChangesAsync(cancellationToken);
        }
        await using var last = await AttachAsync(import, cancellationToken);
        (import.State, import.LeaseUntil) = (ImportState.Done, null);
        import.FinishedAt = time.GetUtcNow();
        last.Events.Add(
            services
                .GetRequiredService<EventRecorder>()
                .New(
                    EventTypes.UserImport,
                    success: true,
                    new EventSubject("import", import.Id, import.FileName),
                    new
                    {
                        created = import.Created,
                        updated = import.Updated,
                        refused = import.Refused,
                    }
                )
        );
        await last.SaveChangesAsync(cancellationToken);
        await DropFileAsync(import.Id, cancellationToken);
    }

    private async Task LeaveOutAsync(
        UserImport import,
        ImportRow row,
        CancellationToken cancellationToken
    )
    {
        await using var db = await AttachAsync(import, cancellationToken);
        import.Refused++;
        import.RowsDone++;
        ImportProblems.Add(db, import, row.Line, "", new Problem("import-changed-meanwhile", ""));
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task NextAsync(
        UserImport import,
        ImportState state,
        CancellationToken cancellationToken
    )
    {
        await using var db = await AttachAsync(import, cancellationToken);
        (import.State, import.RowsDone, import.LeaseUntil) = (state, 0, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task RefuseAsync(
        Guid id,
        ImportFileException e,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (
            await db.UserImports.SingleOrDefaultAsync(i => i.Id == id, cancellationToken) is
            { } import
        )
        {
            ImportProblems.Add(db, import, e.Line, "", e.Problem);
            (import.State, import.LeaseUntil) = (ImportState.Refused, null);
            import.FinishedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
        }
        await DropFileAsync(id, cancellationToken);
    }

    private async Task DropFileAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db
            .UserImportChunks.Where(c => c.ImportId == id)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<UserImport?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImports.AsNoTracking()
            .SingleOrDefaultAsync(i => i.Id == id, cancellationToken);
    }

    /// <summary>A fresh context for one batch: what the batch before it held is gone from memory.</summary>
    private async Task<LatchkeyDbContext> AttachAsync(
        UserImport import,
        CancellationToken cancellationToken
    )
    {
        var db = await databases.CreateDbContextAsync(cancellationToken);
        db.UserImports.Attach(import);
        return db;
    }

    private static Task<UserState> StartingStateAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<StartingStates>()
            .OfAsync(CreationWay.Import, cancellationToken);

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

    /// <summary>What a batch counted that was not saved.</summary>
    private sealed record Counts(int Done, int Created, int Updated, int Refused, int Problems)
    {
        public static Counts Of(UserImport import) =>
            new(import.RowsDone, import.Created, import.Updated, import.Refused, import.Problems);

        public void Restore(UserImport import)
        {
            (import.RowsDone, import.Problems) = (Done, Problems);
            (import.Created, import.Updated, import.Refused) = (Created, Updated, Refused);
        }
    }
}

/// <summary>Looks for imports to move on.</summary>
internal sealed partial class ImportClock(
    ImportRunner runner,
    TimeProvider time,
    ILogger<ImportClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tidy = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        var tidied = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await runner.RunAsync(stoppingToken);
                if (time.GetElapsedTime(tidied) >= s_tidy)
                {
                    tidied = time.GetTimestamp();
                    await runner.ForgetAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Its lease ends, and it is taken up again.
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An import of users stopped; it will go on")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
