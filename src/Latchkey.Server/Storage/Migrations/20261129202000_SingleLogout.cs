using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Logouts under way, whom they have to tell, and the whole NameID of each participant of a session.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129202000_SingleLogout")]
internal sealed class SingleLogout : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var participants = new AddedColumns(
            migrationBuilder,
            "session_participants",
            ActiveProvider
        );
        participants.Text("name_qualifier", null);
        participants.Text("sp_name_qualifier", null);
        // Until now only persistent identifiers were sent with qualifiers, and always with these.
        migrationBuilder.Sql(
            """
            UPDATE session_participants
            SET sp_name_qualifier = sp_entity_id,
                name_qualifier = (
                    SELECT a.idp_entity_id FROM applications a
                    WHERE a.id = session_participants.application_id
                )
            WHERE name_id_format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
            """
        );

        new AddedColumns(migrationBuilder, "sessions", ActiveProvider).Instant(
            "participants_told_at"
        );
        // What ended before there was anything to tell is left alone.
        migrationBuilder.Sql(
            "UPDATE sessions SET participants_told_at = ended_at WHERE ended_at IS NOT NULL"
        );
        migrationBuilder.CreateIndex("ix_sessions_ended_at", "sessions", "ended_at");

        CreateLogouts(migrationBuilder);
        CreateParticipants(migrationBuilder);
    }

    private void CreateLogouts(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "logouts",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    origin = c.Text(),
                    user_id = c.Id(),
                    username = c.Text(),
                    browser_hash = c.Bytes(nullable: true),
                    application_id = c.Id(nullable: true),
                    request_id = c.Text(nullable: true),
                    request_binding = c.Text(nullable: true),
                    relay_state = c.Text(nullable: true),
                    reference_code = c.Text(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(),
                    answered_at = c.Instant(nullable: true),
                    finished_at = c.Instant(nullable: true),
                };
            },
            constraints: table => table.PrimaryKey("pk_logouts", t => t.id)
        );
        migrationBuilder.CreateIndex("ix_logouts_expires_at", "logouts", "expires_at");
        migrationBuilder.CreateIndex("ix_logouts_finished_at", "logouts", "finished_at");
        migrationBuilder.CreateIndex("ix_logouts_browser_hash", "logouts", "browser_hash");
    }

    private void CreateParticipants(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "logout_participants",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    logout_id = c.Id(),
                    application_id = c.Id(),
                    number = c.Number(),
                    subject = c.Text(),
                    session_indexes = c.Text(),
                    state = c.Text(),
                    channel = c.Text(),
                    failure = c.Text(nullable: true),
                    request_id = c.Text(nullable: true),
                    asked_at = c.Instant(nullable: true),
                    attempts = c.Number(),
                    next_attempt_at = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_logout_participants", t => t.id);
                table.ForeignKey(
                    "fk_logout_participants_logout_id",
                    t => t.logout_id,
                    "logouts",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_logout_participants_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        foreach (var column in new[] { "logout_id", "application_id", "next_attempt_at" })
        {
            migrationBuilder.CreateIndex(
                $"ix_logout_participants_{column}",
                "logout_participants",
                column
            );
        }
    }
}
