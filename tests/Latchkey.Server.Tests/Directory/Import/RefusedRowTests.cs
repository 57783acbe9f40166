using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>Rows with problems are left out, by the import as by the dry run, and each is told (J-102).</summary>
public abstract class RefusedRowTests(TestIdentityProvider server) : ImportTest(server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rule", "J-102")]
    public async Task The_import_leaves_out_what_the_dry_run_leaves_out(bool update)
    {
        var name = NewName();
        var found = await CheckAsync(
            $"""
            Username,Email,JobTitle
            {name}a,{name}a@example.test,Clerk
            {name}b,{name}b@example.test,Bürokraft
            {name}c,{name}c@example.test,Clerk,Chief
            {name}D,{name}d@example.test,Clerk
            {name}d,{name}d2@example.test,Chief
            {name}e,{name}A@example.test,Clerk
            """,
            update,
            encoding: Encoding.Latin1
        );
        var problems = await ProblemsAsync(found);
        problems.ShouldBe([
            "3  import-not-utf8",
            "4  import-too-many-cells",
            "6 Username import-twice",
            "7 Email import-twice",
        ]);

        await SayYesAsync(found);
        await RunAsync();

        var import = await ImportAsync(found.Id);
        (import.Created, import.Updated, import.Refused).ShouldBe(
            (found.Created, found.Updated, found.Refused)
        );
        (await ProblemsAsync(import)).ShouldBe(problems);
        (await FindAsync($"{name}b")).ShouldBeNull();
        (await FindAsync($"{name}d"))!.JobTitle.ShouldBe("Clerk");
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task What_earlier_rows_said_is_still_known_after_a_break()
    {
        var (prefix, file) = Many(120);
        var again = $"{prefix}-new,{prefix}-7@example.test\n";
        var found = await CheckAsync(file + again);
        await SayYesAsync(found);
        var batches = 0;
        var dying = Runner(
            databases: new Between(
                Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                async () =>
                {
                    if (await CountAsync(prefix) > 0 && batches++ > 0)
                        throw new IOException("torn");
                }
            )
        );
        await Should.ThrowAsync<IOException>(() => dying.RunAsync(Ct));
        // As if its owner had another address by now: only the row before tells.
        var seventh = (await FindAsync($"{prefix}-7"))!;
        var moved = UserInput.From(seventh) with { Email = $"{prefix}-moved@example.test" };
        Made(await UsersAsync(users => users.UpdateAsync(seventh.Id, moved, null, Ct)));

        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();

        var import = await ImportAsync(found.Id);
        (import.State, import.Created, import.Refused).ShouldBe((ImportState.Done, 120, 1));
    }

    [Fact]
    public async Task A_row_whose_user_somebody_changes_at_the_same_time_is_left_out_with_a_word()
    {
        var user = await AddAsync();
        var found = await CheckAsync(
            $"Username,Email,JobTitle\n{user.Username},{user.Email},Chief\n",
            update: true
        );
        await SayYesAsync(found);

        await Runner(
                new AtEachLook(
                    Server.Clock,
                    async () =>
                    {
                        await using var db = Server.Open();
                        await db
                            .Users.Where(u => u.Id == user.Id)
                            .ExecuteUpdateAsync(
                                u => u.SetProperty(x => x.Version, x => x.Version + 1),
                                Ct
                            );
                    }
                )
            )
            .RunAsync(Ct);

        var import = await ImportAsync(found.Id);
        (import.Updated, import.Refused).ShouldBe((0, 1));
        (await ProblemsAsync(import)).ShouldBe(["2  import-changed-meanwhile"]);
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task Every_row_with_a_problem_is_in_the_report_however_many_there_are()
    {
        const int rows = 10_050;
        var file = new StringBuilder("Username,Email\n");
        for (var row = 0; row < rows; row++)
            file.Append("a b,nowhere\n");
        var import = await CheckAsync(file.ToString());

        var lines = await Server.AskAsync<UserImports, HashSet<int>>(async imports =>
            await imports
                .AllProblemsAsync(import.Id, Ct)
                .Select(p => p.Line)
                .ToHashSetAsync(cancellationToken: Ct)
        );
        lines.Count.ShouldBe(rows);
    }

    [Fact]
    public async Task Cells_can_be_separated_by_tabs()
    {
        var name = NewName();
        await ImportAsync($"Username\tEmail\tLastName\n{name}\t{name}@example.test\tKing, the\n");
        (await FindAsync(name))!.LastName.ShouldBe("King, the");
    }

    [Fact]
    public async Task A_name_that_no_database_can_store_is_a_problem_of_its_row()
    {
        var import = await CheckAsync(
            "Username,Email,Group1,Manager\na\0b,x\0@example.test,c\0d,e\0f\n"
        );
        import.State.ShouldBe(ImportState.Checked);
        (await ProblemsAsync(import)).ShouldContain("2 Username username-invalid");
    }
}

public sealed class RefusedRowsOnSqlite(SqliteIdentityProvider server)
    : RefusedRowTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class RefusedRowsOnPostgreSql(PostgreSqlIdentityProvider server)
    : RefusedRowTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
