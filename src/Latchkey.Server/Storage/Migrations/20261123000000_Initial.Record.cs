using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

internal sealed partial class Initial
{
    private void CreateRecord(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "events",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    at = c.Instant(),
                    type = c.Text(),
                    success = c.Flag(),
                    reference_code = c.Text(nullable: true),
                    finding_code = c.Text(nullable: true),
                    actor_id = c.Id(nullable: true),
                    actor_name = c.Text(nullable: true),
                    target_type = c.Text(nullable: true),
                    target_id = c.Id(nullable: true),
                    target_name = c.Text(nullable: true),
                    application_id = c.Id(nullable: true),
                    client_ip = c.Text(nullable: true),
                    user_agent = c.Text(nullable: true),
                    details = c.Text(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_events", t => t.id);
            }
        );
        migrationBuilder.CreateIndex("ix_events_at", "events", "at", descending: []);
        migrationBuilder.CreateIndex("ix_events_reference_code", "events", "reference_code");
        migrationBuilder.CreateIndex(
            "ix_events_type_at",
            "events",
            ["type", "at"],
            descending: [false, true]
        );
        migrationBuilder.CreateIndex(
            "ix_events_actor_id_at",
            "events",
            ["actor_id", "at"],
            descending: [false, true]
        );
        migrationBuilder.CreateIndex(
            "ix_events_target_id_at",
            "events",
            ["target_id", "at"],
            descending: [false, true]
        );
        migrationBuilder.CreateIndex(
            "ix_events_application_id_at",
            "events",
            ["application_id", "at"],
            descending: [false, true]
        );

        migrationBuilder.CreateTable(
            "settings",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new { name = c.Text(), value = c.Text() };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_settings", t => t.name);
            }
        );

        migrationBuilder.CreateTable(
            "api_tokens",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    name = c.Text(),
                    token_hash = c.Bytes(),
                    user_id = c.Id(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(nullable: true),
                    last_used_at = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_api_tokens", t => t.id);
                table.ForeignKey(
                    "fk_api_tokens_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_api_tokens_token_hash",
            "api_tokens",
            "token_hash",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_api_tokens_user_id", "api_tokens", "user_id");

        migrationBuilder.CreateTable(
            "data_protection_keys",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    friendly_name = c.Text(),
                    xml = c.Text(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_data_protection_keys", t => t.id);
            }
        );
    }
}
