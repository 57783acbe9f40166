using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The queue of mails, and their words where the organisation has its own.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124191500_Mail")]
internal sealed class Mail : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "queued_mails",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    template = c.Text(),
                    recipient = c.Text(),
                    user_id = c.Id(nullable: true),
                    content = c.Bytes(),
                    state = c.Text(),
                    attempts = c.Number(),
                    next_attempt_at = c.Instant(),
                    last_error = c.Text(nullable: true),
                    created_at = c.Instant(),
                    worth_until = c.Instant(nullable: true),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_queued_mails", t => t.id);
                table.ForeignKey(
                    "fk_queued_mails_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_queued_mails_state_next_attempt_at",
            "queued_mails",
            ["state", "next_attempt_at"]
        );
        migrationBuilder.CreateIndex("ix_queued_mails_user_id", "queued_mails", "user_id");

        migrationBuilder.CreateTable(
            "mail_template_texts",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    template = c.Text(),
                    words = c.Text(),
                    updated_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_mail_template_texts", t => t.template);
            }
        );
    }
}
