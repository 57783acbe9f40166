using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Password policies for groups, former passwords, and wrong passwords counted by where they came from.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129210000_PasswordPolicies")]
internal sealed class PasswordPolicies : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var users = new AddedColumns(migrationBuilder, "users", ActiveProvider);
        users.Text("password_expiry_notice", "None");
        users.Instant("lockout_told_at");
        CreatePolicies(migrationBuilder);
        CreateFormerPasswords(migrationBuilder);
        CreateTries(migrationBuilder);
    }

    private void CreatePolicies(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "password_policies",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    name = c.Text(),
                    normalized_name = c.Text(),
                    rank = c.Number(),
                    rules = c.Text(),
                    created_at = c.Instant(),
                    updated_at = c.Instant(),
                    version = c.Long(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_password_policies", t => t.id);
            }
        );
        migrationBuilder.CreateIndex(
            "ix_password_policies_normalized_name",
            "password_policies",
            "normalized_name",
            unique: true
        );
        migrationBuilder.CreateTable(
            "password_policy_groups",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new { policy_id = c.Id(), group_id = c.Id() };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_password_policy_groups", t => new { t.policy_id, t.group_id });
                table.ForeignKey(
                    "fk_password_policy_groups_policy_id",
                    t => t.policy_id,
                    "password_policies",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_password_policy_groups_group_id",
                    t => t.group_id,
                    "groups",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_password_policy_groups_group_id",
            "password_policy_groups",
            "group_id"
        );
    }

    private void CreateFormerPasswords(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "former_passwords",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    user_id = c.Id(),
                    hash = c.Text(),
                    replaced_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_former_passwords", t => t.id);
                table.ForeignKey(
                    "fk_former_passwords_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex("ix_former_passwords_user_id", "former_passwords", "user_id");
    }

    private void CreateTries(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "password_tries",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    origin = c.Text(),
                    count = c.Number(),
                    last_at = c.Instant(),
                    locked_until = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_password_tries", t => new { t.user_id, t.origin });
                table.ForeignKey(
                    "fk_password_tries_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex("ix_password_tries_last_at", "password_tries", "last_at");
    }
}
