using System.Data.Common;
using Latchkey.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Latchkey.Bench.Scale;

/// <summary>Fills a directory from inside the database: people like the first one there, groups like the first one, ten memberships each.</summary>
internal static class Crowd
{
    private const int Memberships = 10;

    // What must differ from one row to the next; {n} is the row's number.
    private static readonly Dictionary<string, string> s_user = new(StringComparer.Ordinal)
    {
        ["username"] = "'crowd' || n.i",
        ["normalized_username"] = "'CROWD' || n.i",
        ["email"] = "'crowd' || n.i || '@example.test'",
        ["role"] = "NULL",
    };

    private static readonly Dictionary<string, string> s_group = new(StringComparer.Ordinal)
    {
        ["name"] = "'Crowd ' || n.i",
        ["normalized_name"] = "'CROWD ' || n.i",
    };

    public static async Task AddAsync(Engine engine, string storage, int users, int groups)
    {
        await using DbConnection connection =
            engine == Engine.Sqlite
                ? new SqliteConnection($"Data Source={storage}")
                : new NpgsqlConnection(storage);
        await connection.OpenAsync();
        var sql = engine == Engine.Sqlite ? Dialect.Sqlite : Dialect.PostgreSql;
        await using var transaction = await connection.BeginTransactionAsync();
        await CopyAsync(connection, sql, "users", users, s_user);
        await CopyAsync(connection, sql, "groups", groups, s_group);
        await RunAsync(
            connection,
            $"""
            WITH {sql.Numbers(users * Memberships)},
                 u AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM users),
                 g AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM groups WHERE normalized_name LIKE 'CROWD%')
            INSERT INTO group_members (group_id, user_id, added_at)
            SELECT g.id, u.id, (SELECT min(added_at) FROM group_members)
            FROM n JOIN u ON u.i = n.i / {Memberships}
                   JOIN g ON g.i = (n.i / {Memberships} * 7 + n.i % {Memberships}) % {groups}
            WHERE n.i >= {Memberships}
            """
        );
        await transaction.CommitAsync();
        await RunAsync(connection, "ANALYZE");
    }

    private static async Task CopyAsync(
        DbConnection connection,
        Dialect sql,
        string table,
        int count,
        Dictionary<string, string> different
    )
    {
        var columns = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT * FROM {table} LIMIT 1";
            await using var reader = await command.ExecuteReaderAsync();
            for (var column = 0; column < reader.FieldCount; column++)
                columns.Add(reader.GetName(column));
        }
        var values = columns.Select(column =>
            column == "id" ? sql.NewId
            : different.TryGetValue(column, out var value) ? value
            : "model." + column
        );
        await RunAsync(
            connection,
            $"""
            WITH {sql.Numbers(count)}, model AS (SELECT * FROM {table} LIMIT 1)
            INSERT INTO {table} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", values)} FROM n CROSS JOIN model
            """
        );
    }

    private static async Task RunAsync(DbConnection connection, string text)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Dialect(string NewId, Func<int, string> Numbers)
    {
        public static readonly Dialect Sqlite = new(
            // Upper case with hyphens, as the server writes identifiers.
            "substr(hex(randomblob(4)), 1, 8) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))",
            count =>
                $"RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
        );

        public static readonly Dialect PostgreSql = new(
            "gen_random_uuid()",
            count => $"n(i) AS (SELECT generate_series(0, {count} - 1))"
        );
    }
}
