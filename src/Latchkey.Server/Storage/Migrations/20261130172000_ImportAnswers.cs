using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Who said yes to an import, how often it was taken up without getting on, and which managers are still to be set.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130172000_ImportAnswers")]
internal sealed class ImportAnswers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var imports = new AddedColumns(migrationBuilder, "user_imports", ActiveProvider);
        imports.Id("approved_by_id");
        imports.Text("approved_by_name", null);
        imports.Number("takes", 0);

        migrationBuilder.CreateTable(
            "user_import_links",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    import_id = c.Id(),
                    row = c.Number(),
                    line = c.Number(),
                    column_name = c.Text(),
                    user_id = c.Id(),
                    manager = c.Text(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_import_links", t => new { t.import_id, t.row });
                table.ForeignKey(
                    "fk_user_import_links_import_id",
                    t => t.import_id,
                    "user_imports",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
    }
}
