using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Events are found by address and by finding without reading them all.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129211100_EventSearch")]
internal sealed class EventSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateIndex(
            "ix_events_client_ip_at",
            "events",
            ["client_ip", "at"],
            descending: [false, true]
        );
        migrationBuilder.CreateIndex(
            "ix_events_finding_code_at",
            "events",
            ["finding_code", "at"],
            filter: "finding_code IS NOT NULL",
            descending: [false, true]
        );
    }
}
