using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage.Search;

/// <summary>The rows of which the engine's index says that they hold each of some words.</summary>
/// <param name="Words">Of three letters or more.</param>
internal sealed record IndexedRows<T>(
    LatchkeyDbContext Db,
    SearchTable<T> Table,
    IReadOnlyList<string> Words
)
    where T : class, ISearched
{
    private bool IsSqlite => Db.Database.IsSqlite();

    private string Match => SqliteSearchIndex.Match(Words);

    private IQueryable<T> All => Db.Set<T>().AsNoTracking();

    /// <summary>Their identifiers as they are found, to take the first of.</summary>
    public IQueryable<Guid> Ids() =>
        IsSqlite
            ? Db.Database.SqlQueryRaw<Guid>(SqliteSearchIndex.Ids(Table.Name), Match)
            : Like().Select(r => r.Id);

    /// <summary>All of them, to be put in order.</summary>
    public IQueryable<T> Rows()
    {
        if (IsSqlite)
        {
            var ids = Ids();
            return All.Where(r => ids.Contains(r.Id));
        }
        // The limit keeps PostgreSQL from reading in order instead, in the hope that some come soon.
        return Like().Take(int.MaxValue);
    }

    private IQueryable<T> Like()
    {
        var rows = All;
        foreach (var word in Words)
        {
            rows = rows.Where(r => r.SearchText.Contains(word));
        }
        return rows;
    }

    /// <summary>How many they are, see <see cref="Count"/>.</summary>
    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        IsSqlite
            ? Count.UpToMostAsync(
                Db.Database.SqlQueryRaw<long>(SqliteSearchIndex.Numbers(Table.Name), Match),
                cancellationToken
            )
            : Count.UpToMostAsync(Like(), cancellationToken);
}
