using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>How long each session may be idle, and the browsers in which users have signed in.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129210100_SessionSettings")]
internal sealed class SessionSettings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // Two hours, as it was for all of them.
        new AddedColumns(migrationBuilder, "sessions", ActiveProvider).Number("idle_seconds", 7200);
        migrationBuilder.CreateTable(
            "known_browsers",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    user_id = c.Id(),
                    token_hash = c.Bytes(),
                    user_agent = c.Text(nullable: true),
                    client_ip = c.Text(nullable: true),
                    created_at = c.Instant(),
                    last_seen_at = c.Instant(),
                    told_at = c.Instant(nullable: true),
                    remembered_until = c.Instant(nullable: true),
                    remembered_stamp = c.Text(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_known_browsers", t => t.id);
                table.ForeignKey(
                    "fk_known_browsers_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_known_browsers_token_hash_user_id",
            "known_browsers",
            ["token_hash", "user_id"],
            unique: true
        );
        migrationBuilder.CreateIndex("ix_known_browsers_user_id", "known_browsers", "user_id");
        migrationBuilder.CreateIndex(
            "ix_known_browsers_last_seen_at",
            "known_browsers",
            "last_seen_at"
        );
    }
}
