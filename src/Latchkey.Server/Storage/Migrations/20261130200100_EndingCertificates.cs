using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Certificates that end before long are found without reading them all.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130200100_EndingCertificates")]
internal sealed class EndingCertificates : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndex(
            "ix_application_certificates_not_after",
            "application_certificates",
            "not_after"
        );
}
