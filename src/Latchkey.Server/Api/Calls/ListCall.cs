using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Calls;

/// <summary>One page of a list: what follows the last row that was seen, by its key. What comes or goes in between moves nothing.</summary>
/// <param name="Limit">Rows of the page.</param>
/// <param name="After">The key of the last row that was seen; null to begin.</param>
internal sealed record ListCall(int Limit, string? After)
{
    public const int Most = 200;
    public const int Usual = 50;
    private const int LongestCursor = 1024;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>.</summary>
    /// <param name="query">Of the call.</param>
    /// <param name="isKey">Whether a text can be the key of such a row.</param>
    public static Outcome<ListCall> Read(IQueryCollection query, Func<string, bool> isKey)
    {
        var said = query["limit"].ToString();
        var limit = Usual;
        if (
            said.Length > 0
                && !int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            || limit is < 1 or > Most
        )
        {
            return new Problem("api-limit", "limit", said, Most);
        }
        var cursor = query["cursor"].ToString();
        if (cursor.Length == 0)
        {
            return new ListCall(limit, null);
        }
        var key =
            cursor.Length <= LongestCursor && Base64Url.IsValid(cursor)
                ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
                : null;
        return key is not null && isKey(key)
            ? new ListCall(limit, key)
            : new Problem("api-cursor-unreadable", "cursor");
    }

    /// <summary>The page's answer.</summary>
    /// <param name="rows">One more than the limit, where there is more.</param>
    /// <param name="item">What is shown of a row.</param>
    /// <param name="key">What the next page begins behind.</param>
    public ApiAnswer Answer<TRow, TItem>(
        IReadOnlyList<TRow> rows,
        Func<TRow, TItem> item,
        Func<TRow, string> key
    ) =>
        ApiAnswer.Shown(
            new ListBody<TItem>(
                [.. rows.Take(Limit).Select(item)],
                rows.Count > Limit
                    ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(rows[Limit - 1])))
                    : null
            )
        );
}

/// <summary>A page as it is shown.</summary>
internal sealed record ListBody<T>(IReadOnlyList<T> Items, string? NextCursor);
