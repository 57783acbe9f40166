using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>What a token may do, and the answers that are kept for repeated calls. Tokens that are there may do everything, as before.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129203100_ApiWrites")]
internal sealed class ApiWrites : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "api_tokens", ActiveProvider).Text("scopes", null);

        migrationBuilder.CreateTable(
            "idempotent_answers",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    token_id = c.Id(),
                    key = c.Text(),
                    call_hash = c.Bytes(),
                    status = c.Number(),
                    body = c.Text(nullable: true),
                    location = c.Text(nullable: true),
                    version = c.Long(nullable: true),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_idempotent_answers", t => new { t.token_id, t.key });
                table.ForeignKey(
                    "fk_idempotent_answers_token_id",
                    t => t.token_id,
                    "api_tokens",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_idempotent_answers_created_at",
            "idempotent_answers",
            "created_at"
        );
    }
}
