using System.Data.Common;
using System.Globalization;
using Latchkey.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Latchkey.Bench.Scale;

/// <summary>How many rows to add.</summary>
/// <param name="Users">People like the first one there, with the same password.</param>
/// <param name="Groups">Groups like the first one there.</param>
/// <param name="Memberships">Of each of these people; a divisor of the number of groups, or that number.</param>
/// <param name="Applications">Applications like the first one there, each granted to two of the groups, with a certificate.</param>
internal sealed record CrowdSize(int Users, int Groups, int Memberships, int Applications = 0);

/// <summary>Fills a directory from inside the database, in the time that writing takes: keys are put in order, and the index of the largest table is made at the end.</summary>
internal static class Crowd
{
    /// <summary>Adds to what is there already. The server may run meanwhile; it finds the database busy.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="storage">An Npgsql connection string or a SQLite file path.</param>
    /// <param name="size">How much.</param>
    public static async Task AddAsync(Engine engine, string storage, CrowdSize size)
    {
        var dialect = engine == Engine.Sqlite ? Dialect.Sqlite : Dialect.PostgreSql;
        await using DbConnection connection =
            engine == Engine.Sqlite
                ? new SqliteConnection($"Data Source={storage};Pooling=False")
                : new NpgsqlConnection(storage);
        await connection.OpenAsync();
        await RunAsync(connection, dialect.Before);
        await CopyAsync(connection, dialect, "users", size.Users, s_user);
        await CopyAsync(connection, dialect, "groups", size.Groups, s_group);
        await MembershipsAsync(connection, dialect, size);
        if (size.Applications > 0)
            await ApplicationsAsync(connection, dialect, size);
        await RunAsync(connection, dialect.After);
    }

    // What must differ from one row to the next; n.i is the row's number.
    private static readonly Dictionary<string, string> s_user = new(StringComparer.Ordinal)
    {
        ["username"] = "'crowd' || n.i",
        ["normalized_username"] = "'CROWD' || n.i",
        ["email"] = "'crowd' || n.i || '@example.test'",
        ["first_name"] = CrowdNames.First,
        ["last_name"] = CrowdNames.Last,
        ["display_name"] = "NULL",
        ["role"] = "NULL",
        ["search_text"] =
            $"lower('crowd' || n.i || '\ncrowd' || n.i || '@example.test\n\n' || {CrowdNames.First} || '\n' || {CrowdNames.Last} || '\n')",
    };

    private static readonly Dictionary<string, string> s_group = new(StringComparer.Ordinal)
    {
        ["name"] = $"'crowd ' || n.i || ' ' || {CrowdNames.Word}",
        ["normalized_name"] = $"upper('crowd ' || n.i || ' ' || {CrowdNames.Word})",
        ["description"] = "NULL",
        ["search_text"] = $"lower('crowd ' || n.i || ' ' || {CrowdNames.Word} || '\n')",
    };

    private static readonly Dictionary<string, string> s_application = new(StringComparer.Ordinal)
    {
        ["slug"] = "'crowd-' || n.i",
        ["label"] = $"'crowd ' || n.i || ' ' || {CrowdNames.Word}",
        ["idp_entity_id"] = "'urn:idp:crowd:' || n.i",
        ["sp_entity_id"] = "'urn:sp:crowd:' || n.i",
        ["search_text"] =
            $"lower('crowd ' || n.i || ' ' || {CrowdNames.Word} || '\ncrowd-' || n.i || '\nurn:sp:crowd:' || n.i)",
    };

    /// <summary>Person and group belong together when their numbers leave the same rest: so each person has as many groups as is wanted, and the groups are of the same size. In parts, so that no transaction is larger than it needs to be.</summary>
    private static async Task MembershipsAsync(DbConnection connection, Dialect sql, CrowdSize size)
    {
        const int parts = 20;
        var rest = size.Groups / size.Memberships;
        await RunAsync(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                CREATE TEMPORARY TABLE crowd_groups AS
                    SELECT id, i % {rest} AS rest, i * {parts} / {size.Groups} AS part
                    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM groups WHERE name LIKE 'crowd %') g;
                CREATE TEMPORARY TABLE crowd_users AS
                    SELECT id, (row_number() OVER (ORDER BY id)) % {rest} AS rest
                    FROM users WHERE username LIKE 'crowd%';
                CREATE INDEX crowd_users_rest ON crowd_users (rest, id);
                DROP INDEX ix_group_members_user_id;
                {sql.WithoutKey}
                """
            )
        );
        for (var part = 0; part < parts; part++)
        {
            await RunAsync(
                connection,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    INSERT INTO group_members (group_id, user_id, added_at, by_hand, by_rule)
                    SELECT g.id, u.id, like_this.added_at, like_this.by_hand, like_this.by_rule
                    FROM (SELECT * FROM crowd_groups WHERE part = {part} ORDER BY id) g
                    CROSS JOIN (SELECT * FROM group_members LIMIT 1) like_this
                    JOIN crowd_users u ON u.rest = g.rest
                    """
                )
            );
        }
        await RunAsync(
            connection,
            $"""
            {sql.WithKey}
            CREATE INDEX ix_group_members_user_id ON group_members (user_id);
            DROP TABLE crowd_groups;
            DROP TABLE crowd_users;
            """
        );
    }

    private static async Task ApplicationsAsync(
        DbConnection connection,
        Dialect sql,
        CrowdSize size
    )
    {
        await CopyAsync(connection, sql, "applications", size.Applications, s_application);
        await CopyAsync(
            connection,
            sql,
            "application_certificates",
            size.Applications,
            new(StringComparer.Ordinal)
            {
                ["application_id"] = "(SELECT id FROM applications WHERE slug = 'crowd-' || n.i)",
            }
        );
        await RunAsync(
            connection,
            $"""
            WITH {sql.Numbers(size.Applications * 2)},
                 a AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM applications WHERE slug LIKE 'crowd-%'),
                 g AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM groups WHERE name LIKE 'crowd %')
            INSERT INTO application_groups (application_id, group_id, added_at)
            SELECT a.id, g.id, (SELECT min(added_at) FROM application_groups)
            FROM n JOIN a ON a.i = n.i / 2
                   JOIN g ON g.i = (n.i * 3 + n.i % 2) % {size.Groups}
            """
        );
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
        command.CommandTimeout = 3600;
        await command.ExecuteNonQueryAsync();
    }

    /// <param name="NewId">An identifier whose rows lie in the order in which they were made, as the server's do.</param>
    /// <param name="Numbers">A common table expression of the numbers from 0.</param>
    /// <param name="Before">What makes writing quick; the relations are right by how the rows are made.</param>
    /// <param name="WithoutKey">Takes the key off the table of memberships, where that can be done.</param>
    /// <param name="WithKey">Puts it back.</param>
    /// <param name="After">What a database knows that has been running for a while.</param>
    private sealed record Dialect(
        string NewId,
        Func<int, string> Numbers,
        string Before,
        string WithoutKey,
        string WithKey,
        string After
    )
    {
        public static readonly Dialect Sqlite = new(
            // Upper case with hyphens, as the server writes identifiers.
            "printf('%08X-%04X-7000-8000-', n.i >> 16, n.i & 65535) || hex(randomblob(6))",
            count =>
                $"RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})",
            "PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA temp_store=FILE",
            "",
            "",
            """
            INSERT INTO users_search (users_search) VALUES ('optimize');
            INSERT INTO groups_search (groups_search) VALUES ('optimize');
            INSERT INTO applications_search (applications_search) VALUES ('optimize');
            PRAGMA wal_checkpoint(TRUNCATE)
            """
        );

        public static readonly Dialect PostgreSql = new(
            "(lpad(to_hex(n.i), 12, '0') || '70008000' || substr(md5(n.i::text), 1, 12))::uuid",
            count => $"n(i) AS (SELECT generate_series(0, {count} - 1))",
            "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; SET synchronous_commit = off",
            "ALTER TABLE group_members DROP CONSTRAINT pk_group_members;",
            "ALTER TABLE group_members ADD CONSTRAINT pk_group_members PRIMARY KEY (group_id, user_id);",
            "VACUUM ANALYZE"
        );
    }
}
