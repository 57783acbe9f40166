using System.Text;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>No import runs for ever: what cannot go on ends with a word, and keeps no file that may hold passwords.</summary>
public abstract class StoppedImportTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    public async Task A_file_that_cannot_be_decrypted_any_more_ends_the_import()
    {
        using var content = new MemoryStream("Username,Email\nada,ada@example.test\n"u8.ToArray());
        var begun = (await BeginAsync(content))!;
        await using var db = Server.Open();
        var pieces = db.UserImportChunks.Where(c => c.ImportId == begun.Id);
        await pieces.ExecuteUpdateAsync(c => c.SetProperty(x => x.Content, new byte[100]), Ct);

        await RunAsync();

        var import = await ImportAsync(begun.Id);
        import.State.ShouldBe(ImportState.Refused);
        (await ProblemsAsync(import)).ShouldBe(["0  import-not-decrypted"]);
        (await pieces.AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_import_that_fails_again_and_again_is_given_up_and_tells_how_far_it_came()
    {
        var (prefix, file) = Many(120);
        var found = await CheckAsync(file);
        await SayYesAsync(found);
        var failing = Runner(
            databases: new Between(
                Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                async () =>
                {
                    await using var db = Server.Open();
                    var now = Server.Clock.GetUtcNow();
                    if (
                        await db.UserImports.AnyAsync(
                            i =>
                                i.Id == found.Id
                                && i.RowsDone == 50
                                && i.LeaseUntil > now
                                && i.Takes <= ImportRunner.MostTakes,
                            Ct
                        )
                    )
                        throw new InvalidOperationException("It breaks here.");
                }
            )
        );
        for (var tries = 0; tries < 10; tries++)
        {
            try
            {
                await failing.RunAsync(Ct);
            }
            catch (InvalidOperationException)
            {
                // As the clock does: the lease ends, and it is taken up again.
            }
            Server.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        var import = await ImportAsync(found.Id);
        (import.State, import.Created).ShouldBe((ImportState.Stopped, 50));
        (await ProblemsAsync(import)).ShouldBe(["0  import-failed"]);
    }

    [Fact]
    public async Task An_import_that_is_at_work_can_be_stopped_and_keeps_nothing_of_its_file()
    {
        var (prefix, file) = Many(120);
        var found = await CheckAsync(file);
        await SayYesAsync(found);
        var stopped = false;
        await Runner(
                databases: new Between(
                    Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                    async () =>
                    {
                        if (!stopped && await CountAsync(prefix) == 50)
                            stopped = await StopAsync(found);
                    }
                )
            )
            .RunAsync(Ct);

        var import = await ImportAsync(found.Id);
        (import.State, import.Created).ShouldBe((ImportState.Stopped, 50));
        (await CountAsync(prefix)).ShouldBe(50);
        (await ProblemsAsync(import)).ShouldBe(["0  import-stopped"]);
        await using var db = Server.Open();
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == found.Id, Ct)).ShouldBeFalse();
        var told = (await EventsAsync(found.Id, EventTypes.UserImport)).Single();
        (told.Success, told.ActorName).ShouldBe((false, "somebody"));
    }

    [Fact]
    public async Task A_check_that_is_at_work_can_be_stopped_and_removed()
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Many(10).File));
        var begun = (await BeginAsync(content))!;
        (await StopAsync(begun)).ShouldBeTrue();
        await RunAsync();

        (await ImportAsync(begun.Id)).State.ShouldBe(ImportState.Stopped);
        (await StopAsync(begun)).ShouldBeFalse();
        await Server.AskAsync<UserImports, bool>(async imports =>
        {
            await imports.DeleteAsync(begun.Id, Ct);
            return true;
        });
        await using var db = Server.Open();
        (await db.UserImports.AnyAsync(i => i.Id == begun.Id, Ct)).ShouldBeFalse();
    }

    private Task<bool> StopAsync(UserImport import) =>
        Server.AskAsync<UserImports, bool>(imports =>
            imports.StopAsync(import.Id, new(null, "somebody"), Ct)
        );
}

public sealed class StoppedImportsOnSqlite(SqliteIdentityProvider server)
    : StoppedImportTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class StoppedImportsOnPostgreSql(PostgreSqlIdentityProvider server)
    : StoppedImportTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
