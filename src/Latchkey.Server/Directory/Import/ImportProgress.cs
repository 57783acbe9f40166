using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// An import that a node has taken: each batch is saved with how far the import is, in one transaction, and prolongs the lease. Of two
/// who think they have it, one cannot save.
/// </summary>
internal sealed class ImportProgress(
    UserImport import,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>How long a node that says nothing more is thought to be at work.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public UserImport Import => import;

    /// <summary>Back to the first row with nothing counted. Saved at once: the next batch is compared with what is stored.</summary>
    public async Task BeginAnewAsync(CancellationToken cancellationToken)
    {
        await using var db = await OpenAsync(cancellationToken);
        (import.Rows, import.RowsDone, import.Problems) = (0, 0, 0);
        (import.Created, import.Updated, import.Refused) = (0, 0, 0);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Puts so many rows behind us, together with what the batch did.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="batch">Adds what it does to the context.</param>
    /// <param name="save">Saves it where more belongs to that than what the context holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AdvanceAsync(
        int rows,
        Func<LatchkeyDbContext, Task> batch,
        CancellationToken cancellationToken,
        Func<LatchkeyDbContext, Task>? save = null
    )
    {
        await using var db = await OpenAsync(cancellationToken);
        await batch(db);
        import.RowsDone += rows;
        import.LeaseUntil = time.GetUtcNow() + Lease;
        // A check gets on only when it is over: it begins anew each time.
        import.Takes = import.State == ImportState.Checking ? import.Takes : 0;
        await (save?.Invoke(db) ?? db.SaveChangesAsync(cancellationToken));
    }

    /// <summary>The same, unless the directory does not take the batch: then nothing of it was counted.</summary>
    /// <returns>Whether it was taken.</returns>
    public async Task<bool> TryAdvanceAsync(
        int rows,
        Func<LatchkeyDbContext, Task> batch,
        CancellationToken cancellationToken,
        Func<LatchkeyDbContext, Task>? save = null
    )
    {
        var before = Counts.Of(import);
        try
        {
            await AdvanceAsync(rows, batch, cancellationToken, save);
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

    /// <summary>Puts one row behind us that does not get in.</summary>
    public async Task LeaveOutAsync(
        ImportRow row,
        Problem problem,
        CancellationToken cancellationToken
    )
    {
        await using var db = await OpenAsync(cancellationToken);
        import.Refused++;
        import.RowsDone++;
        ImportProblems.Add(db, import, row.Line, problem);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Gives the import on to what comes next, together with what is left to be done; any node may take it then.</summary>
    public async Task PassOnAsync(
        ImportState next,
        Func<LatchkeyDbContext, Task> last,
        CancellationToken cancellationToken
    )
    {
        await using var db = await OpenAsync(cancellationToken);
        await last(db);
        (import.State, import.LeaseUntil, import.Takes) = (next, null, 0);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A fresh context for one batch: what the batch before it held is gone from memory.</summary>
    private async Task<LatchkeyDbContext> OpenAsync(CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken);
        db.UserImports.Attach(import);
        return db;
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
