using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Files of users on their way into the directory.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124200500_UserImport")]
internal sealed class UserImport : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "user_imports",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    file_name = c.Text(),
                    state = c.Text(),
                    update_existing = c.Flag(),
                    send_mail = c.Flag(),
                    rows = c.Number(),
                    rows_done = c.Number(),
                    created = c.Number(),
                    updated = c.Number(),
                    refused = c.Number(),
                    problems = c.Number(),
                    started_by_id = c.Id(nullable: true),
                    started_by_name = c.Text(),
                    created_at = c.Instant(),
                    finished_at = c.Instant(nullable: true),
                    lease_until = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_imports", t => t.id);
            }
        );
        migrationBuilder.CreateIndex("ix_user_imports_state", "user_imports", "state");

        migrationBuilder.CreateTable(
            "user_import_chunks",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    import_id = c.Id(),
                    number = c.Number(),
                    content = c.Bytes(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_import_chunks", t => new { t.import_id, t.number });
                table.ForeignKey(
                    "fk_user_import_chunks_import_id",
                    t => t.import_id,
                    "user_imports",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );

        migrationBuilder.CreateTable(
            "user_import_problems",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    import_id = c.Id(),
                    number = c.Number(),
                    line = c.Number(),
                    column_name = c.Text(),
                    code = c.Text(),
                    args = c.Text(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_import_problems", t => new { t.import_id, t.number });
                table.ForeignKey(
                    "fk_user_import_problems_import_id",
                    t => t.import_id,
                    "user_imports",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
    }
}
