using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Latchkey.Server.Storage.Search;

/// <summary>
/// Gives rows their search texts that were written before there were any, or by a node of an older version that ran until this one
/// started. At each start, while no other node starts: reading for nothing takes a fraction of a second for a hundred thousand people.
/// </summary>
internal static class SearchFill
{
    private const int Batch = 1000;

    public static async Task RunAsync(LatchkeyDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await FillAsync(db, SearchTables.Users, cancellationToken);
        await FillAsync(db, SearchTables.Groups, cancellationToken);
        await FillAsync(db, SearchTables.Applications, cancellationToken);
    }

    private static async Task FillAsync<T>(
        LatchkeyDbContext db,
        SearchTable<T> table,
        CancellationToken cancellationToken
    )
        where T : class, ISearched
    {
        var last = Guid.Empty;
        while (true)
        {
            var after = last;
            var rows = await db.Set<T>()
                .AsNoTracking()
                .Where(r => r.SearchText == "" && r.Id.CompareTo(after) > 0)
                .OrderBy(r => r.Id)
                .Take(Batch)
                .ToListAsync(cancellationToken);
            if (rows.Count == 0)
                return;
            // What somebody wrote meanwhile is newer.
            var update = $"UPDATE {table.Name} SET search_text = ";
            if (db.Database.GetDbConnection() is SqliteConnection sqlite)
                await FillAsync(sqlite, update, rows, cancellationToken);
            else
                await FillAsync(
                    (NpgsqlConnection)db.Database.GetDbConnection(),
                    update,
                    rows,
                    cancellationToken
                );
            last = rows[^1].Id;
        }
    }

    private static async Task FillAsync<T>(
        SqliteConnection connection,
        string update,
        List<T> rows,
        CancellationToken cancellationToken
    )
        where T : class, ISearched
    {
        await using var transaction = connection.BeginTransaction();
        using (
            var statement = new SqliteStatement(
                connection,
                update + "? WHERE id = ? AND search_text = ''"
            )
        )
        {
            foreach (var row in rows)
                statement.Text(row.SearchText).Id(row.Id).Run();
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task FillAsync<T>(
        NpgsqlConnection connection,
        string update,
        List<T> rows,
        CancellationToken cancellationToken
    )
        where T : class, ISearched
    {
        await using var command = new NpgsqlCommand(
            update
                + "found.text FROM unnest($1, $2) found (of, text) WHERE id = found.of AND search_text = ''",
            connection
        )
        {
            Parameters =
            {
                new() { Value = rows.ConvertAll(r => r.Id) },
                new() { Value = rows.ConvertAll(r => r.SearchText) },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
