using System.Runtime.CompilerServices;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>Begins imports, says yes to them, calls them off, and shows them.</summary>
internal sealed class UserImports(
    IDbContextFactory<LatchkeyDbContext> databases,
    ImportFile file,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>How long a file may take to be stored: it has arrived whole by then.</summary>
    private static readonly TimeSpan s_storing = TimeSpan.FromMinutes(10);

    private const int ReadAtOnce = 1000;

    private static readonly ImportState[] s_running =
    [
        ImportState.Uploading,
        ImportState.Checking,
        ImportState.Importing,
        ImportState.Linking,
    ];

    /// <summary>Takes a file in; it is checked next. One that cannot be stored whole is broken off.</summary>
    public async Task<Outcome<UserImport>> BeginAsync(
        string fileName,
        Stream content,
        bool updateExisting,
        bool sendMail,
        EventActor by,
        CancellationToken cancellationToken = default
    )
    {
        var import = new UserImport
        {
            FileName = new([
                .. Path.GetFileName(fileName).Where(c => !char.IsControl(c)).Take(200),
            ]),
            UpdateExisting = updateExisting,
            SendMail = sendMail,
            StartedById = by.Id,
            StartedByName = by.Name,
            CreatedAt = time.GetUtcNow(),
            LeaseUntil = time.GetUtcNow() + s_storing,
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.UserImports.Add(import);
        await db.SaveChangesAsync(cancellationToken);
        try
        {
            await file.WriteAsync(import.Id, content, cancellationToken);
            await file.CompleteAsync(import.Id, cancellationToken);
            return import;
        }
        catch
        {
            await file.BreakOffAsync(import.Id, CancellationToken.None);
            throw;
        }
    }

    public async Task<UserImport?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImports.AsNoTracking()
            .SingleOrDefaultAsync(i => i.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<UserImport>> ListAsync(
        int most,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImports.AsNoTracking()
            .OrderByDescending(i => i.CreatedAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<UserImportProblem>> ProblemsAsync(
        Guid id,
        int most,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .UserImportProblems.AsNoTracking()
            .Where(p => p.ImportId == id)
            .OrderBy(p => p.Line)
            .ThenBy(p => p.Number)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>All problems as they were found, some at a time: there may be as many as rows, and whoever reads them may be slow.</summary>
    public async IAsyncEnumerable<UserImportProblem> AllProblemsAsync(
        Guid id,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        for (var last = 0; ; )
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var some = await db
                .UserImportProblems.AsNoTracking()
                .Where(p => p.ImportId == id && p.Number > last)
                .OrderBy(p => p.Number)
                .Take(ReadAtOnce)
                .ToListAsync(cancellationToken);
            if (some.Count == 0)
            {
                yield break;
            }
            foreach (var problem in some)
            {
                yield return problem;
            }
            last = some[^1].Number;
        }
    }

    /// <summary>Imports a file that was checked; rows with problems are left out. What the check counted begins anew.</summary>
    /// <param name="id">Which.</param>
    /// <param name="by">Who says yes: it is done in their name and with their rights.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was waiting for that.</returns>
    public async Task<bool> ImportAsync(
        Guid id,
        EventActor by,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var begun = await db
            .UserImports.Where(i => i.Id == id && i.State == ImportState.Checked)
            .ExecuteUpdateAsync(
                i =>
                    i.SetProperty(x => x.State, ImportState.Importing)
                        .SetProperty(x => x.ApprovedById, by.Id)
                        .SetProperty(x => x.ApprovedByName, by.Name)
                        .SetProperty(x => x.RowsDone, 0)
                        .SetProperty(x => x.Created, 0)
                        .SetProperty(x => x.Updated, 0)
                        .SetProperty(x => x.Refused, 0)
                        .SetProperty(x => x.Problems, 0),
                cancellationToken
            );
        if (begun == 1)
        {
            await db
                .UserImportProblems.Where(p => p.ImportId == id)
                .ExecuteDeleteAsync(cancellationToken);
            var import = await db
                .UserImports.AsNoTracking()
                .SingleAsync(i => i.Id == id, cancellationToken);
            db.Events.Add(
                events.New(
                    EventTypes.UserImportStart,
                    success: true,
                    new EventSubject("import", id, import.FileName),
                    new
                    {
                        rows = import.Rows,
                        update_existing = import.UpdateExisting,
                        send_mail = import.SendMail,
                        uploaded_by = import.StartedByName,
                    },
                    actor: by
                )
            );
            await db.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return begun == 1;
    }

    /// <summary>Ends an import that is at work, on whichever node; users who are in by then stay. Its file goes.</summary>
    /// <returns>Whether it was at work.</returns>
    public async Task<bool> StopAsync(
        Guid id,
        EventActor by,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // From here on no node can save what it is doing.
            var stopped = await db
                .UserImports.Where(i => i.Id == id && s_running.Contains(i.State))
                .ExecuteUpdateAsync(
                    i => i.SetProperty(x => x.State, ImportState.Stopped),
                    cancellationToken
                );
            if (stopped == 0)
            {
                return false;
            }
            var import = await db.UserImports.SingleAsync(i => i.Id == id, cancellationToken);
            (import.LeaseUntil, import.FinishedAt) = (null, time.GetUtcNow());
            ImportProblems.Add(db, import, 0, new Problem("import-stopped", "", by.Name));
            if (import.ApprovedByName is null)
            {
                // What the check counted was not done.
                (import.Created, import.Updated, import.Refused) = (0, 0, 0);
            }
            db.Events.Add(ImportPhases.Finished(events, import, by));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        await file.DropAsync(id, cancellationToken);
        return true;
    }

    /// <summary>Forgets an import that was checked or is over; users stay.</summary>
    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db
            .UserImports.Where(i => i.Id == id && !s_running.Contains(i.State))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Before the first of them leaves: whoever breaks off just before the end has them all the same.</summary>
    public async Task RecordExportAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await db.Users.CountAsync(cancellationToken);
        await events.RecordAsync(
            EventTypes.UserExport,
            success: true,
            new EventSubject("user", null, null),
            new { users }
        );
    }
}
