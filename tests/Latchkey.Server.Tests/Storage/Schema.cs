using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Tests.Storage;

/// <summary>
/// Tables, columns, keys, relations and indices as sorted lines, from the model and from a database, to compare. What the engines' indices
/// of parts of words consist of is their own; the tests of the search hold it.
/// </summary>
internal static class Schema
{
    public static IReadOnlyList<string> Of(IRelationalModel model)
    {
        var lines = new List<string>();
        foreach (var table in model.Tables)
        {
            lines.AddRange(
                table.Columns.Select(c =>
                    $"column {table.Name}.{c.Name} {c.StoreType.ToLowerInvariant()} {(c.IsNullable ? "null" : "not null")}"
                )
            );
            lines.Add($"key {table.Name}({Names(table.PrimaryKey!.Columns)})");
            lines.AddRange(
                table.ForeignKeyConstraints.Select(f =>
                    $"relation {table.Name}({Names(f.Columns)}) {f.PrincipalTable.Name} {Action(f.OnDeleteAction)}"
                )
            );
            lines.AddRange(
                table.Indexes.Select(i =>
                    $"index {i.Name} {table.Name}({Names(i.Columns)}){(i.IsUnique ? " unique" : "")}"
                )
            );
        }
        return Sorted(lines);
    }

    public static async Task<IReadOnlyList<string>> ReadAsync(
        LatchkeyDbContext database,
        CancellationToken cancellationToken
    ) =>
        Sorted(
            await database
                .Database.SqlQueryRaw<string>(database.Database.IsSqlite() ? Sqlite : Postgres)
                .ToListAsync(cancellationToken)
        );

    private const string Sqlite = """
        SELECT 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || CASE c."notnull" WHEN 1 THEN ' not null' ELSE ' null' END AS "Value"
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\_\_EF%' ESCAPE '\' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%\_search%' ESCAPE '\'
        UNION ALL
        SELECT 'key ' || t.name || '(' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) || ')'
        FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT LIKE '\_\_EF%' ESCAPE '\' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%\_search%' ESCAPE '\'
        UNION ALL
        SELECT 'relation ' || t.name || '(' || f."from" || ') ' || f."table" || ' ' || lower(f.on_delete)
        FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        UNION ALL
        SELECT 'index ' || i.name || ' ' || t.name || '(' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' || CASE i."unique" WHEN 1 THEN ' unique' ELSE '' END
        FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'
        """;

    private const string Postgres = """
        SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE ' null' END AS "Value"
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT CASE contype WHEN 'p' THEN 'key ' ELSE 'relation ' END || c.conrelid::regclass || '('
            || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) || ')'
            || CASE contype WHEN 'p' THEN '' ELSE ' ' || c.confrelid::regclass || CASE confdeltype WHEN 'c' THEN ' cascade' WHEN 'n' THEN ' set null' ELSE ' no action' END END
        FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND contype IN ('p', 'f') AND c.conrelid::regclass::text NOT LIKE '"\_\_EF%'
        UNION ALL
        SELECT 'index ' || i.indexrelid::regclass || ' ' || i.indrelid::regclass || '('
            || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) || ')'
            || CASE WHEN i.indisunique THEN ' unique' ELSE '' END
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_am m ON m.oid = n.relam
        WHERE m.amname = 'btree' AND t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
        """;

    private static string Names(IEnumerable<IColumn> columns) =>
        string.Join(',', columns.Select(c => c.Name));

    private static string Action(ReferentialAction action) =>
        action switch
        {
            ReferentialAction.Cascade => "cascade",
            ReferentialAction.SetNull => "set null",
            _ => "no action",
        };

    private static List<string> Sorted(IEnumerable<string> lines) =>
        [.. lines.Order(StringComparer.Ordinal)];
}
