using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The index of what events are about holds those about people: nothing else is looked for in it, and each sign-in is about its application.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130304000_EventTargets")]
internal sealed class EventTargets : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("ix_events_target_id_at", "events");
        migrationBuilder.CreateIndex(
            "ix_events_target_id_at",
            "events",
            ["target_id", "at"],
            filter: "target_type = 'user'",
            descending: [false, true]
        );
    }
}
