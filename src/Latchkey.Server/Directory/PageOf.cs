using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>One page of a list.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Size">How many rows a page has at most.</param>
/// <param name="Total">How many rows there are; where there are more, <see cref="Count.Most"/> or as many as were gone through.</param>
/// <param name="IsMore">Whether there are more than that.</param>
internal sealed record PageOf<T>(
    IReadOnlyList<T> Rows,
    int Page,
    int Size,
    int Total,
    bool IsMore = false
)
{
    /// <summary>The total for people.</summary>
    public object ShownTotal => Count.Shown(Total, IsMore);
}

/// <summary>Counts what may be very many. Nobody reads the difference between 99,871 and 99,872, and both engines would go through all rows for it at each showing.</summary>
internal static class Count
{
    /// <summary>Up to here is counted.</summary>
    public const int Most = 1000;

    /// <returns>How many there are, or one more than <see cref="Most"/>.</returns>
    public static Task<int> UpToMostAsync<T>(IQueryable<T> rows, CancellationToken ct) =>
        rows.Take(Most + 1).CountAsync(ct);

    /// <summary>A count of <see cref="UpToMostAsync"/> for people.</summary>
    public static object Shown(int count) => Shown(Math.Min(count, Most), count > Most);

    /// <summary>A number stays one, so that texts can say it in the singular.</summary>
    public static object Shown(int count, bool isMore) =>
        isMore ? string.Create(CultureInfo.InvariantCulture, $"{count}+") : count;
}

/// <summary>Reads a page of a list.</summary>
internal static class Paging
{
    /// <param name="all">What matches.</param>
    /// <param name="rows">Puts it in order and chooses what is read; called with what is left of it.</param>
    /// <param name="page">From 1; beyond the end it is the last one.</param>
    /// <param name="size">How many rows a page has.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <param name="count">Counts what matches, as <see cref="Count"/> does, where there is a quicker way.</param>
    public static async Task<PageOf<TRow>> ReadAsync<T, TRow>(
        IQueryable<T> all,
        Func<IQueryable<T>, IQueryable<TRow>> rows,
        int page,
        int size,
        CancellationToken ct,
        Func<CancellationToken, Task<int>>? count = null
    )
    {
        page = Math.Clamp(page, 1, int.MaxValue / size);
        var total = count is null ? await Count.UpToMostAsync(all, ct) : await count(ct);
        if (total <= Count.Most)
            page = Math.Min(page, Math.Max(1, (total + size - 1) / size));
        // One more than is shown tells whether anything follows.
        var read = await rows(all).Skip((page - 1) * size).Take(size + 1).ToListAsync(ct);
        if (read.Count == 0 && page > 1)
        {
            var last = (await all.CountAsync(ct) + size - 1) / size;
            return await ReadAsync(all, rows, Math.Clamp(last, 1, page - 1), size, ct, count);
        }
        var follows = read.Count > size;
        if (follows)
            read.RemoveAt(size);
        if (total <= Count.Most)
            return new(read, page, size, total);
        var seen = ((page - 1) * size) + read.Count;
        return follows
            ? new(read, page, size, Math.Max(Count.Most, seen), IsMore: true)
            : new(read, page, size, seen);
    }
}

/// <summary>The number of a list's page in an address.</summary>
internal static class PageNumber
{
    /// <summary>From 1; what is no number is the first page.</summary>
    public static int Read(string? text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1;
}
