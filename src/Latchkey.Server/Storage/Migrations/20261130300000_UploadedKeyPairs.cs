using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Which key pairs were made elsewhere: an export names those by their certificates. Of pairs that came in before this, nobody knows.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130300000_UploadedKeyPairs")]
internal sealed class UploadedKeyPairs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        new AddedColumns(migrationBuilder, "application_certificates", ActiveProvider).Flag(
            "uploaded",
            false
        );
}
