using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Exclusions from the second step that are over are found without reading everybody's standing.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130303000_ExclusionEnds")]
internal sealed class ExclusionEnds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndex(
            "ix_factor_standings_excluded_until",
            "factor_standings",
            "excluded_until",
            filter: "excluded_until IS NOT NULL"
        );
}
