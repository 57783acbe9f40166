using System.Text;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>What stops in the middle goes on where it was, or leaves nothing; a part is never taken for the whole (J-102).</summary>
public abstract class InterruptedImportTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    public async Task An_import_that_was_interrupted_goes_on_where_it_was()
    {
        var (prefix, file) = Many(600);
        var checkedFile = await CheckAsync(file);
        await SayYesAsync(checkedFile);

        // Asked for what was broken off, when an import is taken, and before each batch is saved: it dies in its third batch.
        await DieAsync(looks: 5);
        (await CountAsync(prefix)).ShouldBe(100);
        await RunAsync();
        (await CountAsync(prefix)).ShouldBe(100);

        // Its lease ends, and two others see it at once.
        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(RunAsync(), RunAsync());

        var import = await ImportAsync(checkedFile.Id);
        (import.State, import.Created, import.Refused).ShouldBe((ImportState.Done, 600, 0));
        (await CountAsync(prefix)).ShouldBe(600);
        await using var db = Server.Open();
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task Managers_whose_setting_was_interrupted_are_set_once_each()
    {
        var boss = await AddAsync();
        var (prefix, file) = Many(250, "Username,Email,Manager", $",{boss.Username}");
        var found = await CheckAsync(file);
        await SayYesAsync(found);
        var died = false;
        var dying = Runner(
            databases: new Between(
                Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                async () =>
                {
                    await using var db = Server.Open();
                    if (!died && await db.Users.AnyAsync(u => u.ManagerId == boss.Id, Ct))
                    {
                        died = true;
                        throw new IOException("torn");
                    }
                }
            )
        );
        await Should.ThrowAsync<IOException>(() => dying.RunAsync(Ct));
        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();

        (await ImportAsync(found.Id)).State.ShouldBe(ImportState.Done);
        await using var after = Server.Open();
        (await after.Users.CountAsync(u => u.ManagerId == boss.Id, Ct)).ShouldBe(250);
        (
            await after.Events.CountAsync(
                e => e.Type == "user_update" && e.TargetName!.StartsWith(prefix + "-"),
                Ct
            )
        ).ShouldBe(250);
        (await after.UserImportLinks.AnyAsync(l => l.ImportId == found.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_check_that_was_interrupted_begins_anew()
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Many(600).File));
        var begun = (await BeginAsync(content))!;
        await DieAsync(looks: 4);
        (await ImportAsync(begun.Id)).RowsDone.ShouldBe(200);

        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();

        var import = await ImportAsync(begun.Id);
        (import.State, import.Rows).ShouldBe((ImportState.Checked, 600));
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_file_that_cannot_be_stored_whole_is_broken_off_and_nothing_of_it_kept()
    {
        using var content = new TornStream(800_000);
        await Should.ThrowAsync<IOException>(() => BeginAsync(content));
        await RunAsync();

        var import = await LatestAsync();
        import.State.ShouldBe(ImportState.Refused);
        (await ProblemsAsync(import)).ShouldBe(["1  import-broken-off"]);
        await using var db = Server.Open();
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task What_a_node_was_storing_when_it_died_is_never_taken_for_the_file()
    {
        var import = new UserImport
        {
            FileName = "torn.csv",
            StartedByName = "test",
            CreatedAt = Server.Clock.GetUtcNow(),
            LeaseUntil = Server.Clock.GetUtcNow().AddMinutes(10),
        };
        await using (var db = Server.Open())
        {
            db.UserImports.Add(import);
            await db.SaveChangesAsync(Ct);
        }
        var rows = $"Username,Email\n{NewName()},{NewName()}@example.test\n";
        using var half = new MemoryStream(Encoding.UTF8.GetBytes(rows));
        await Server.Service<ImportFile>().WriteAsync(import.Id, half, Ct);

        await RunAsync();
        (await ImportAsync(import.Id)).State.ShouldBe(ImportState.Uploading);
        Server.Clock.Advance(TimeSpan.FromMinutes(11));
        await RunAsync();

        var broken = await ImportAsync(import.Id);
        (broken.State, broken.Rows).ShouldBe((ImportState.Refused, 0));
        (await ProblemsAsync(broken)).ShouldBe(["1  import-broken-off"]);
        await using var after = Server.Open();
        (await after.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_file_that_was_given_up_while_it_was_stored_stays_broken_off()
    {
        using var content = new LastReadStream(
            800_000,
            async () =>
            {
                Server.Clock.Advance(TimeSpan.FromMinutes(11));
                await RunAsync();
            }
        );
        var import = (await BeginAsync(content))!;

        (await ImportAsync(import.Id)).State.ShouldBe(ImportState.Refused);
        await using var db = Server.Open();
        (await db.UserImportChunks.AnyAsync(c => c.ImportId == import.Id, Ct)).ShouldBeFalse();
    }

    /// <summary>A node takes what there is to do and dies in it: its work stops, and nobody gives its lease back.</summary>
    private async Task DieAsync(int looks)
    {
        using var dying = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var runner = Runner(new LastHour(Server.Clock, dying, looks));
        await Should.ThrowAsync<OperationCanceledException>(() => runner.RunAsync(dying.Token));
    }

    private async Task<UserImport> LatestAsync()
    {
        await using var db = Server.Open();
        return await db.UserImports.AsNoTracking().OrderByDescending(i => i.Id).FirstAsync(Ct);
    }

    /// <summary>Ends in the middle.</summary>
    private sealed class TornStream(int length) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            Position == Length
                ? throw new IOException("torn")
                : base.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Something happens before its end is told.</summary>
    private sealed class LastReadStream(int length, Func<Task> before)
        : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (Position == Length)
                await before();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}

/// <summary>A clock that ends the work of whoever looks at it so many times.</summary>
internal sealed class LastHour(TimeProvider clock, CancellationTokenSource work, int looks)
    : TimeProvider
{
    private int _looks;

    public override DateTimeOffset GetUtcNow()
    {
        if (++_looks == looks)
            work.Cancel();
        return clock.GetUtcNow();
    }
}

public sealed class InterruptedImportsOnSqlite(SqliteIdentityProvider server)
    : InterruptedImportTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class InterruptedImportsOnPostgreSql(PostgreSqlIdentityProvider server)
    : InterruptedImportTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
