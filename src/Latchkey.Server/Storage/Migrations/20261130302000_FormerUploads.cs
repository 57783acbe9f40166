using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>
/// Of key pairs that came in before <see cref="UploadedKeyPairs"/>, those that cannot have been made here are known as uploaded: every
/// version gave its own certificates three years from five minutes before it made them. An uploaded one that happens to look so stays
/// unknown, as it was.
/// </summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130302000_FormerUploads")]
internal sealed class FormerUploads : Migration
{
    // Making a key takes a moment, on a slow machine a long one.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite"
                ? """
                UPDATE application_certificates SET uploaded = 1
                WHERE NOT (
                    not_after - not_before IN (94608000000000, 94694400000000)
                    AND created_at - not_before BETWEEN 240000000 AND 3900000000
                )
                """
                : """
                UPDATE application_certificates SET uploaded = true
                WHERE NOT (
                    not_after - not_before IN (interval '1095 days', interval '1096 days')
                    AND created_at - not_before BETWEEN interval '4 minutes' AND interval '65 minutes'
                )
                """
        );
}
