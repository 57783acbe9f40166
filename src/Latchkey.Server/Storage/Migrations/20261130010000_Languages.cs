using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The language of users, and words of mails for each language; those written before were for everybody, and count as English.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130010000_Languages")]
internal sealed class Languages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "users", ActiveProvider).Text("language", null);
        // A primary key of SQLite cannot be changed, so there is a new table.
        migrationBuilder.CreateTable(
            "mail_words",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    template = c.Text(),
                    language = c.Text(),
                    words = c.Text(),
                    updated_at = c.Instant(),
                };
            },
            constraints: table =>
                table.PrimaryKey("pk_mail_words", t => new { t.template, t.language })
        );
        migrationBuilder.Sql(
            "INSERT INTO mail_words (template, language, words, updated_at) "
                + "SELECT template, 'en', words, updated_at FROM mail_template_texts"
        );
        migrationBuilder.DropTable("mail_template_texts");
    }
}
