using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage.Search;

/// <summary>What a search left of a list.</summary>
/// <param name="Rows">Those that hold every word.</param>
/// <param name="Count">How many they are, as <see cref="Directory.Count"/> counts, where that is known sooner than by counting them.</param>
internal sealed record Found<T>(
    IQueryable<T> Rows,
    Func<CancellationToken, Task<int>>? Count = null
);

/// <summary>
/// Narrows lists to the rows that hold every word of a search, anywhere in their names. The engines' indices find few among many at once,
/// but in no order; where many rows match, a page is sooner read from the list in its order. No planner tells the two apart for certain,
/// so it is found out by looking: whether a page fills from the beginning of the list, and whether few match.
/// </summary>
internal static class RowSearch
{
    /// <summary>The indices know words from so many letters on.</summary>
    private const int ShortestIndexed = 3;

    /// <summary>So many are named one by one.</summary>
    private const int Few = 25;

    /// <summary>So many rows at the beginning of a list are looked at: at once, and once more than a few have been found.</summary>
    private const int Beginning = 200,
        LongBeginning = 1000;

    /// <summary>So many rows fill a page and tell that more follow.</summary>
    private const int FullPage = 51;

    public static async Task<Found<T>> FindAsync<T>(
        this SearchTable<T> table,
        LatchkeyDbContext db,
        string? search,
        CancellationToken cancellationToken
    )
        where T : class, ISearched
    {
        var all = db.Set<T>().AsNoTracking();
        var words = SearchText.Words(search);
        var index = new IndexedRows<T>(db, table, [.. words.Select(Indexed).OfType<string>()]);
        if (index.Words.Count == 0)
        {
            return new(all.Holding(words));
        }
        if (await FillsAPageAsync(table, all, words, Beginning, cancellationToken))
        {
            return new(all.Holding(words));
        }
        var few = await index.Ids().Take(Few + 1).ToListAsync(cancellationToken);
        // What the index does not answer is looked at in what it found.
        var rest = words.Except(index.Words, StringComparer.Ordinal).ToList();
        if (few.Count <= Few)
        {
            return new(
                all.Where(r => few.Contains(r.Id)).Holding(rest),
                rest.Count == 0 ? _ => Task.FromResult(few.Count) : null
            );
        }
        return
            await FillsAPageAsync(table, all, words, LongBeginning, cancellationToken)
            || (rest.Count > 0 && await index.CountAsync(cancellationToken) > Directory.Count.Most)
            ? new(all.Holding(words))
            : new(index.Rows().Holding(rest), rest.Count == 0 ? index.CountAsync : null);
    }

    /// <summary>The rows that hold each word. It is not said in the form that PostgreSQL looks for in an index, since it would do so where that takes longer.</summary>
    public static IQueryable<T> Holding<T>(this IQueryable<T> rows, IEnumerable<string> words)
        where T : class, ISearched
    {
        foreach (var word in words)
        {
            rows = rows.Where(r => r.SearchText.IndexOf(word) >= 0);
        }
        return rows;
    }

    /// <summary>What is looked for in the index. Of an address, up to its host: an index of parts takes long over what all have in common.</summary>
    private static string? Indexed(string word)
    {
        var part = word[..(word.IndexOf('@', StringComparison.Ordinal) + 1)];
        return SearchText.Letters(part) >= ShortestIndexed ? part
            : SearchText.Letters(word) >= ShortestIndexed ? word
            : null;
    }

    private static async Task<bool> FillsAPageAsync<T>(
        SearchTable<T> table,
        IQueryable<T> all,
        IReadOnlyList<string> words,
        int beginning,
        CancellationToken cancellationToken
    )
        where T : class, ISearched =>
        await table
            .InOrder(all)
            .Take(beginning)
            .Holding(words)
            .Take(FullPage)
            .CountAsync(cancellationToken) == FullPage;
}
