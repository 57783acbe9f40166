using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>What certificates did and who was told; who has read which metadata; whom to tell at the other side.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129201100_CertificateCare")]
internal sealed class CertificateCare : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "applications", ActiveProvider).Text(
            "technical_contact",
            null
        );
        var certificates = new AddedColumns(
            migrationBuilder,
            "application_certificates",
            ActiveProvider
        );
        certificates.Long("signatures", 0);
        certificates.Number("told_days", null);

        migrationBuilder.CreateTable(
            "metadata_readings",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    client_ip = c.Text(),
                    user_agent = c.Text(nullable: true),
                    by_browser = c.Flag(),
                    certificates = c.Text(),
                    readings = c.Number(),
                    first_at = c.Instant(),
                    last_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_metadata_readings",
                    t => new { t.application_id, t.client_ip }
                );
                table.ForeignKey(
                    "fk_metadata_readings_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
    }
}
