using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>What users want first on their portal, and the organisation's logo.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129211200_PortalFavorites")]
internal sealed class PortalFavorites : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "portal_favorites",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    application_id = c.Id(),
                    added_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_portal_favorites", t => new { t.user_id, t.application_id });
                table.ForeignKey(
                    "fk_portal_favorites_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_portal_favorites_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_portal_favorites_application_id",
            "portal_favorites",
            "application_id"
        );
        migrationBuilder.CreateTable(
            "brand_pictures",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    name = c.Text(),
                    content_type = c.Text(),
                    content = c.Bytes(),
                    hash = c.Text(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_brand_pictures", t => t.name);
            }
        );
    }
}
