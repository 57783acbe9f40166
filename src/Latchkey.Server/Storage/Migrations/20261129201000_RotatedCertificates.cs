using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Certificates sign from a time on, and retire at one: what was a mark becomes two instants.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129201000_RotatedCertificates")]
internal sealed class RotatedCertificates : Migration
{
    private const string Table = "application_certificates";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var c = new AddedColumns(migrationBuilder, Table, ActiveProvider);
        c.Instant("signs_from");
        c.Instant("retire_at");
        migrationBuilder.Sql($"UPDATE {Table} SET signs_from = created_at WHERE active");
        migrationBuilder.Sql($"ALTER TABLE {Table} DROP COLUMN active");
        migrationBuilder.CreateIndex("ix_application_certificates_retire_at", Table, "retire_at");
    }
}
