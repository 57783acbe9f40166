using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights;

/// <summary>How many people there are.</summary>
/// <param name="All">In any state.</param>
/// <param name="Active">Who can sign in.</param>
/// <param name="WithoutFactor">Of these, who have no second step.</param>
internal sealed record PeopleCount(int All, int Active, int WithoutFactor);

/// <summary>
/// Counts people for figures that are only looked at. No index counts a hundred thousand of them in the time of a page, so where there
/// are more than lists count, each node keeps what it counted for a minute.
/// </summary>
internal sealed class PeopleCounts(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
) : IDisposable
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _counting = new(1);
    private Counted? _last;

    public async Task<PeopleCount> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await Count.UpToMostAsync(db.Users, cancellationToken) <= Count.Most)
        {
            return await CountAsync(db, cancellationToken);
        }
        if (IsFresh(_last))
        {
            return _last!.People;
        }
        // Whoever comes while somebody counts waits for that.
        await _counting.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(_last))
            {
                _last = new(await CountAsync(db, cancellationToken), time.GetUtcNow());
            }
            return _last!.People;
        }
        finally
        {
            _counting.Release();
        }
    }

    public void Dispose() => _counting.Dispose();

    private bool IsFresh(Counted? counted) =>
        counted is not null && time.GetUtcNow() - counted.At < Kept;

    private static async Task<PeopleCount> CountAsync(
        LatchkeyDbContext db,
        CancellationToken cancellationToken
    )
    {
        var active = db.Users.Where(u => u.State == UserState.Activated);
        var without = await DirectoryQueries.FindAsync(
            db,
            new UserQuery(WithoutFactor: true),
            cancellationToken
        );
        return new(
            await db.Users.CountAsync(cancellationToken),
            await active.CountAsync(cancellationToken),
            await without.Rows.CountAsync(cancellationToken)
        );
    }

    private sealed record Counted(PeopleCount People, DateTimeOffset At);
}
