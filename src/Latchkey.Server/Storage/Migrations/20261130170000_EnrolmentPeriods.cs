using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>When the days for setting a second factor up began, and sign-ins that ask for all that can be proved.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130170000_EnrolmentPeriods")]
internal sealed class EnrolmentPeriods : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "factor_standings", ActiveProvider).Instant(
            "enrol_from"
        );
        new AddedColumns(migrationBuilder, "sign_in_states", ActiveProvider).Flag(
            "asks_all",
            value: false
        );
    }
}
