using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Applications that are bookmarks, and links to hand-over pages.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124200000_BookmarksAndHandover")]
internal sealed class BookmarksAndHandover : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "applications", ActiveProvider).Text("kind", "Saml");

        migrationBuilder.CreateTable(
            "handover_links",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    application_id = c.Id(),
                    token_hash = c.Bytes(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_handover_links", t => t.id);
                table.ForeignKey(
                    "fk_handover_links_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_handover_links_token_hash",
            "handover_links",
            "token_hash",
            unique: true
        );
        migrationBuilder.CreateIndex(
            "ix_handover_links_application_id",
            "handover_links",
            "application_id"
        );
    }
}
