using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>
/// People, groups and applications are found by any part of a name without reading them all. Rows that are there get their texts from
/// <see cref="SearchFill"/>; PostgreSQL's index is made by <see cref="PostgresSearchIndex"/>, since it can be missing.
/// </summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130200000_SearchTexts")]
internal sealed class SearchTexts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in SearchTables.Names)
        {
            new AddedColumns(migrationBuilder, table, ActiveProvider).Text("search_text", "");
            if (ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite")
                migrationBuilder.Sql(SqliteSearchIndex.Create(table));
        }
    }
}
