using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The schema of the first release.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261123000000_Initial")]
internal sealed partial class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateDirectory(migrationBuilder);
        CreateApplications(migrationBuilder);
        CreateSignIn(migrationBuilder);
        CreateRecord(migrationBuilder);
    }

    private void CreateDirectory(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "users",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    username = c.Text(),
                    normalized_username = c.Text(),
                    email = c.Text(),
                    alternate_email = c.Text(nullable: true),
                    recovery_email = c.Text(nullable: true),
                    first_name = c.Text(nullable: true),
                    middle_name = c.Text(nullable: true),
                    last_name = c.Text(nullable: true),
                    display_name = c.Text(nullable: true),
                    description = c.Text(nullable: true),
                    company = c.Text(nullable: true),
                    cost_center = c.Text(nullable: true),
                    department = c.Text(nullable: true),
                    employee_identifier = c.Text(nullable: true),
                    employee_type = c.Text(nullable: true),
                    job_title = c.Text(nullable: true),
                    location = c.Text(nullable: true),
                    manager_id = c.Id(nullable: true),
                    addresses = c.Text(),
                    phone_numbers = c.Text(),
                    attributes = c.Text(),
                    state = c.Text(),
                    is_administrator = c.Flag(),
                    password_hash = c.Text(nullable: true),
                    security_stamp = c.Text(),
                    access_failed_count = c.Number(),
                    lockout_end = c.Instant(nullable: true),
                    last_sign_in_at = c.Instant(nullable: true),
                    created_at = c.Instant(),
                    updated_at = c.Instant(),
                    version = c.Long(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_users", t => t.id);
                table.ForeignKey(
                    "fk_users_manager_id",
                    t => t.manager_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.SetNull
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_users_normalized_username",
            "users",
            "normalized_username",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_users_email", "users", "email", unique: true);
        migrationBuilder.CreateIndex(
            "ix_users_employee_identifier",
            "users",
            "employee_identifier",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_users_manager_id", "users", "manager_id");

        migrationBuilder.CreateTable(
            "groups",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    name = c.Text(),
                    normalized_name = c.Text(),
                    description = c.Text(nullable: true),
                    created_at = c.Instant(),
                    updated_at = c.Instant(),
                    version = c.Long(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_groups", t => t.id);
            }
        );
        migrationBuilder.CreateIndex(
            "ix_groups_normalized_name",
            "groups",
            "normalized_name",
            unique: true
        );

        migrationBuilder.CreateTable(
            "group_members",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    group_id = c.Id(),
                    user_id = c.Id(),
                    added_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_group_members", t => new { t.group_id, t.user_id });
                table.ForeignKey(
                    "fk_group_members_group_id",
                    t => t.group_id,
                    "groups",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_group_members_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex("ix_group_members_user_id", "group_members", "user_id");
    }
}
