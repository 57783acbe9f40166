using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The metadata that applications were last brought up to date with, and what is proposed to them.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129205000_MetadataDifferences")]
internal sealed class MetadataDifferences : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "metadata_copies",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    content = c.Bytes(),
                    entity_id = c.Text(),
                    url = c.Text(nullable: true),
                    taken_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_metadata_copies", t => t.application_id);
                table.ForeignKey(
                    "fk_metadata_copies_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateTable(
            "metadata_proposals",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    application_id = c.Id(),
                    content = c.Bytes(),
                    entity_id = c.Text(),
                    url = c.Text(nullable: true),
                    held = c.Text(),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_metadata_proposals", t => t.id);
                table.ForeignKey(
                    "fk_metadata_proposals_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_metadata_proposals_application_id",
            "metadata_proposals",
            "application_id"
        );
    }
}
