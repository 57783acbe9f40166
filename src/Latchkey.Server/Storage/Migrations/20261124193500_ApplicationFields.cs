using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The fields of an application beyond the first release's, and access for single users.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124193500_ApplicationFields")]
internal sealed class ApplicationFields : Migration
{
    private const string Table = "applications";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var c = new AddedColumns(migrationBuilder, Table, ActiveProvider);
        c.Text("color", null);
        c.Text("categories", "[]");
        c.Flag("hidden", false);
        c.Flag("encrypt_assertions", false);
        c.Text("content_encryption", "Aes256Gcm");
        c.Text("key_encryption", "RsaOaepMgf1p");
        c.Flag("want_assertions_signed", false);
        c.Text("required_attributes", "[]");
        c.Number("clock_skew_seconds", 180);
        c.Number("assertion_lifetime_seconds", 300);
        c.Number("session_lifetime_minutes", null);
        c.Text("authn_context", "{}");
        c.Flag("answer_failures", false);
        c.Text("connector", null);
        c.Text("connector_variables", "{}");

        migrationBuilder.CreateTable(
            "application_users",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    user_id = c.Id(),
                    added_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_application_users", t => new { t.application_id, t.user_id });
                table.ForeignKey(
                    "fk_application_users_application_id",
                    t => t.application_id,
                    Table,
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_application_users_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_application_users_user_id",
            "application_users",
            "user_id"
        );
    }
}
