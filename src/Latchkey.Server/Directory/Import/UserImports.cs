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

    /// <summary>Imports a file that was checked; rows with problems are left out. What the check counted begins anew.</summary>
    /// <returns>Whether it was waiting for that.</returns>
    public async Task<bool> ImportAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var begun = await db
            .UserImports.Where(i => i.Id == id && i.State == ImportState.Checked)
            .ExecuteUpdateAsync(
                i =>
                    i.SetProperty(x => x.State, ImportState.Importing)
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
        }
        await transaction.CommitAsync(cancellationToken);
        return begun == 1;
    }

    /// <summary>Forgets an import that was checked or is over; users stay.</summary>
    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db
            .UserImports.Where(i =>
                i.Id == id
                && (
                    i.State == ImportState.Checked
                    || i.State == ImportState.Done
                    || i.State == ImportState.Refused
                )
            )
            .ExecuteDeleteAsync(cancellationToken);
    }

    public Task RecordExportAsync(int users) =>
        events.RecordAsync(
            EventTypes.UserExport,
            success: true,
            new EventSubject("user", null, null),
            new { users }
        );
}
