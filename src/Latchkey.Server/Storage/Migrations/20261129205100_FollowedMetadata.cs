using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Addresses at which metadata is followed, and what they leave for administrators.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129205100_FollowedMetadata")]
internal sealed class AddFollowedMetadata : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "metadata_proposals", ActiveProvider).Flag(
            "is_held",
            value: false
        );

        migrationBuilder.CreateTable(
            "followed_metadata",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    url = c.Text(),
                    pinned_certificates = c.Text(),
                    entity_tag = c.Text(nullable: true),
                    last_modified = c.Text(nullable: true),
                    started_at = c.Instant(),
                    next_at = c.Instant(),
                    succeeded_at = c.Instant(),
                    failing_since = c.Instant(nullable: true),
                    failures = c.Number(),
                    problem_code = c.Text(nullable: true),
                    problem_args = c.Text(),
                    valid_until = c.Instant(nullable: true),
                    valid_since = c.Instant(nullable: true),
                    alarm = c.Text(),
                    version = c.Long(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_followed_metadata", t => t.application_id);
                table.ForeignKey(
                    "fk_followed_metadata_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_followed_metadata_next_at",
            "followed_metadata",
            "next_at"
        );
    }
}
