using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Authenticator apps, passkeys, recovery codes, and sign-ins that wait for one of them.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124194000_SecondFactors")]
internal sealed class SecondFactors : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateAuthenticators(migrationBuilder);
        CreatePasskeys(migrationBuilder);
        CreateRecoveryCodes(migrationBuilder);
        CreateStandings(migrationBuilder);
        WidenSignInStates(migrationBuilder);
    }

    private void CreateAuthenticators(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable(
            "authenticators",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    protected_secret = c.Bytes(),
                    created_at = c.Instant(),
                    confirmed_at = c.Instant(nullable: true),
                    last_step = c.Long(),
                    last_used_at = c.Instant(nullable: true),
                    failed_count = c.Number(),
                    locked_until = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_authenticators", t => t.user_id);
                table.ForeignKey(
                    "fk_authenticators_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );

    private void CreatePasskeys(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "passkeys",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    user_id = c.Id(),
                    credential_id = c.Bytes(),
                    public_key = c.Bytes(),
                    name = c.Text(),
                    sign_count = c.Long(),
                    transports = c.Text(),
                    is_user_verified = c.Flag(),
                    is_backup_eligible = c.Flag(),
                    is_backed_up = c.Flag(),
                    attestation_object = c.Bytes(),
                    client_data_json = c.Bytes(),
                    created_at = c.Instant(),
                    last_used_at = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_passkeys", t => t.id);
                table.ForeignKey(
                    "fk_passkeys_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_passkeys_credential_id",
            "passkeys",
            "credential_id",
            unique: true
        );
        migrationBuilder.CreateIndex("ix_passkeys_user_id", "passkeys", "user_id");
    }

    private void CreateRecoveryCodes(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "recovery_codes",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    user_id = c.Id(),
                    code_hash = c.Bytes(),
                    created_at = c.Instant(),
                    used_at = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_recovery_codes", t => t.id);
                table.ForeignKey(
                    "fk_recovery_codes_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex("ix_recovery_codes_user_id", "recovery_codes", "user_id");
    }

    private void CreateStandings(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable(
            "factor_standings",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    required = c.Flag(),
                    enrol_by = c.Instant(nullable: true),
                    excluded_until = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_factor_standings", t => t.user_id);
                table.ForeignKey(
                    "fk_factor_standings_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );

    private void WidenSignInStates(MigrationBuilder migrationBuilder)
    {
        var sqlite = ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite";
        migrationBuilder.AddColumn<Guid>(
            "user_id",
            "sign_in_states",
            sqlite ? "TEXT" : "uuid",
            nullable: true
        );
        foreach (var name in new[] { "user_stamp", "methods", "challenge" })
        {
            migrationBuilder.AddColumn<string>(
                name,
                "sign_in_states",
                sqlite ? "TEXT" : "text",
                nullable: true,
                collation: sqlite ? null : "C"
            );
        }
    }
}
