using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>
/// What applications are searched in stands in SQLite's index of their order: a row is wide, and counting what was found would read every
/// one whole. PostgreSQL's entries of an index have to be short.
/// </summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130301000_ApplicationSearchOrder")]
internal sealed class ApplicationSearchOrder : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        if (ActiveProvider != "Microsoft.EntityFrameworkCore.Sqlite")
            return;
        migrationBuilder.DropIndex("ix_applications_label_id", "applications");
        migrationBuilder.CreateIndex(
            "ix_applications_label_id_search_text",
            "applications",
            ["label", "id", "search_text"]
        );
    }
}
