using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Links to set a password, scheduled states, defined attributes, groups with rules and attributes.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124194000_Accounts")]
internal sealed class Accounts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        AddColumns(migrationBuilder);
        CreateAccounts(migrationBuilder);
        migrationBuilder.CreateTable(
            "attribute_definitions",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    name = c.Text(),
                    label = c.Text(),
                    description = c.Text(nullable: true),
                    type = c.Text(),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_attribute_definitions", t => t.name);
            }
        );
    }

    private void AddColumns(MigrationBuilder migrationBuilder)
    {
        var sqlite = ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite";
        var (text, instant, flag) = sqlite
            ? ("TEXT", "INTEGER", "INTEGER")
            : ("text", "timestamp with time zone", "boolean");
        var collation = sqlite ? null : "C";
        migrationBuilder.AddColumn<DateTimeOffset>(
            "password_set_at",
            "users",
            instant,
            nullable: true
        );
        migrationBuilder.AddColumn<DateTimeOffset>(
            "password_expires_at",
            "users",
            instant,
            nullable: true
        );
        migrationBuilder.AddColumn<string>(
            "rule",
            "groups",
            text,
            nullable: true,
            collation: collation
        );
        migrationBuilder.AddColumn<Guid>(
            "rule_cursor",
            "groups",
            sqlite ? "TEXT" : "uuid",
            nullable: true
        );
        migrationBuilder.AddColumn<string>(
            "attributes",
            "groups",
            text,
            nullable: false,
            defaultValue: "[]",
            collation: collation
        );
        // Until now everybody was put in by hand.
        migrationBuilder.AddColumn<bool>(
            "by_hand",
            "group_members",
            flag,
            nullable: false,
            defaultValue: true
        );
        migrationBuilder.AddColumn<bool>(
            "by_rule",
            "group_members",
            flag,
            nullable: false,
            defaultValue: false
        );
    }

    private void CreateAccounts(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "account_links",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    user_id = c.Id(),
                    kind = c.Text(),
                    token_hash = c.Bytes(),
                    created_at = c.Instant(),
                    expires_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_account_links", t => t.id);
                table.ForeignKey(
                    "fk_account_links_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_account_links_token_hash",
            "account_links",
            "token_hash",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_account_links_user_id", "account_links", "user_id");
        migrationBuilder.CreateIndex("ix_account_links_expires_at", "account_links", "expires_at");

        migrationBuilder.CreateTable(
            "scheduled_states",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    state = c.Text(),
                    at = c.Instant(),
                    send_mail = c.Flag(),
                    mail_to = c.Text(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_scheduled_states", t => new { t.user_id, t.state });
                table.ForeignKey(
                    "fk_scheduled_states_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex("ix_scheduled_states_at", "scheduled_states", "at");
    }
}
