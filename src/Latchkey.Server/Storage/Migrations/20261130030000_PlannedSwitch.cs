using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Which certificates begin to sign by a plan that nobody has told of yet.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130030000_PlannedSwitch")]
internal sealed class PlannedSwitch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        new AddedColumns(migrationBuilder, "application_certificates", ActiveProvider).Flag(
            "switch_planned",
            false
        );
}
