using System.Globalization;
using System.Text;
using Latchkey.Server.Directory.Import;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>How a file of users is kept until it is imported (J-102): in pieces, encrypted, and not for ever.</summary>
public abstract class ImportFileTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_large_file_is_kept_and_read_piece_by_piece()
    {
        var file = new StringBuilder("Username,Email\n");
        for (var i = 0; i < 20_000; i++)
        {
            file.Append(CultureInfo.InvariantCulture, $"many-{i},many-{i}@example.test\n");
        }
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(file.ToString()));
        var begun = await Server.AskAsync<UserImports, Problems.Outcome<UserImport>>(imports =>
            imports.BeginAsync("users.csv", content, false, false, new(null, "root"), Ct)
        );
        await using var db = Server.Open();
        var pieces = db.UserImportChunks.Where(c => c.ImportId == begun.Value!.Id);
        (await pieces.MaxAsync(c => c.Content.Length, Ct)).ShouldBeLessThan(300 * 1024);

        // What has not been read yet is not needed yet.
        await pieces.Where(c => c.Number > 0).ExecuteDeleteAsync(Ct);
        var first = await Server
            .Service<ImportFile>()
            .ReadAsync(begun.Value!.Id, Ct)
            .Take(5000)
            .ToListAsync(Ct);

        first[^1].Line.ShouldBe(5001);
        await db.UserImports.Where(i => i.Id == begun.Value!.Id).ExecuteDeleteAsync(Ct);
    }

    [Fact]
    public async Task The_file_is_not_readable_in_the_database()
    {
        var name = NewName();
        var import = await CheckAsync(
            $"{Header}\n,,{name},my secret passphrase,{name}@example.test\n"
        );
        await using var db = Server.Open();
        var stored = await db.UserImportChunks.Where(c => c.ImportId == import.Id).SingleAsync(Ct);
        Encoding.UTF8.GetString(stored.Content).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_file_that_was_checked_and_that_nobody_wanted_is_forgotten_after_a_week()
    {
        var import = await CheckAsync($"Username,Email\n{NewName()},{NewName()}@example.test\n");
        Server.Clock.Advance(TimeSpan.FromDays(6));
        await Server.Service<ImportRunner>().ForgetAsync(Ct);
        await using var db = Server.Open();
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeTrue();
        Server.Clock.Advance(TimeSpan.FromDays(2));
        await Server.Service<ImportRunner>().ForgetAsync(Ct);
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeFalse();
        (await db.UserImports.AnyAsync(i => i.Id == import.Id, Ct)).ShouldBeFalse();
    }
}

public sealed class ImportFilesOnSqlite(SqliteIdentityProvider server)
    : ImportFileTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ImportFilesOnPostgreSql(PostgreSqlIdentityProvider server)
    : ImportFileTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
