using Latchkey.Server.Problems;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>Something that people edit: whoever saves is told if somebody else was faster.</summary>
internal interface IVersioned
{
    Guid Id { get; }

    /// <summary>Counts changes; the concurrency token.</summary>
    long Version { get; set; }

    DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>
/// The steps that every service of edited rows shares: find the row at the version that was looked at, and write it
/// with a word on what came in between.
/// </summary>
/// <param name="missing">The code of the problem that there is no such row.</param>
/// <param name="changed">The code of the problem that somebody else was faster.</param>
/// <param name="databases">For a second look after a write that failed.</param>
/// <param name="time">Stamps changes.</param>
internal sealed class VersionedRows<T>(
    string missing,
    string changed,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
    where T : class, IVersioned
{
    /// <summary>The row, tracked; or why not.</summary>
    /// <param name="db">Tracks it.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that was looked at; null for whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<T>> FindAsync(
        LatchkeyDbContext db,
        Guid id,
        long? version,
        CancellationToken cancellationToken
    )
    {
        var row = await db.Set<T>().SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
        if (row is null)
        {
            return new Problem(missing, "id");
        }
        return version is null || row.Version == version ? row : Changed;
    }

    /// <summary>Writes everything tracked in one transaction; nothing happens where nothing changed.</summary>
    /// <param name="db">Holds the changes.</param>
    /// <param name="row">The row that they are about; its version counts up even if only what hangs on it changed.</param>
    /// <param name="conflicts">Looks, after a write that failed, for what somebody took away in between.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<T>> SaveAsync(
        LatchkeyDbContext db,
        T row,
        Func<LatchkeyDbContext, CancellationToken, Task<List<Problem>>> conflicts,
        CancellationToken cancellationToken
    )
    {
        if (!db.ChangeTracker.HasChanges())
        {
            return row;
        }
        if (db.Entry(row).State is EntityState.Modified or EntityState.Unchanged)
        {
            row.Version++;
            row.UpdatedAt = time.GetUtcNow();
        }
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Changed;
        }
        catch (DbUpdateException)
        {
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var problems = await conflicts(again, cancellationToken);
            if (problems.Count == 0)
            {
                throw;
            }
            return Outcome<T>.Failed(problems);
        }
    }

    private Problem Changed => new(changed, "version");
}
