using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

internal sealed partial class Initial
{
    private void CreateSignIn(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "sessions",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    token_hash = c.Bytes(),
                    user_id = c.Id(),
                    security_stamp = c.Text(),
                    authn_instant = c.Instant(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(),
                    last_seen_at = c.Instant(),
                    ended_at = c.Instant(nullable: true),
                    client_ip = c.Text(nullable: true),
                    user_agent = c.Text(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_sessions", t => t.id);
                table.ForeignKey(
                    "fk_sessions_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_sessions_token_hash",
            "sessions",
            "token_hash",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_sessions_user_id", "sessions", "user_id");
        migrationBuilder.CreateIndex("ix_sessions_expires_at", "sessions", "expires_at");

        migrationBuilder.CreateTable(
            "session_participants",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    session_id = c.Id(),
                    application_id = c.Id(),
                    sp_entity_id = c.Text(),
                    session_index = c.Text(),
                    name_id = c.Text(nullable: true),
                    name_id_format = c.Text(nullable: true),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_session_participants", t => t.id);
                table.ForeignKey(
                    "fk_session_participants_session_id",
                    t => t.session_id,
                    "sessions",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_session_participants_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_session_participants_session_index",
            "session_participants",
            "session_index",
            unique: true
        );
        migrationBuilder.CreateIndex(
            "ix_session_participants_session_id",
            "session_participants",
            "session_id"
        );
        migrationBuilder.CreateIndex(
            "ix_session_participants_application_id",
            "session_participants",
            "application_id"
        );

        migrationBuilder.CreateTable(
            "sign_in_states",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    browser_hash = c.Bytes(),
                    application_id = c.Id(nullable: true),
                    request = c.Text(nullable: true),
                    return_path = c.Text(nullable: true),
                    reference_code = c.Text(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(),
                    authenticated_at = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_sign_in_states", t => t.id);
                table.ForeignKey(
                    "fk_sign_in_states_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_sign_in_states_application_id",
            "sign_in_states",
            "application_id"
        );
        migrationBuilder.CreateIndex(
            "ix_sign_in_states_expires_at",
            "sign_in_states",
            "expires_at"
        );

        migrationBuilder.CreateTable(
            "answered_requests",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    request_id = c.Text(),
                    expires_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_answered_requests",
                    t => new { t.application_id, t.request_id }
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_answered_requests_expires_at",
            "answered_requests",
            "expires_at"
        );
    }
}
