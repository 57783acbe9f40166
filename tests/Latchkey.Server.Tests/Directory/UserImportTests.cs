using System.Globalization;
using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Users from a file (J-102, J-103).</summary>
public abstract class UserImportTests(TestIdentityProvider server) : DirectoryTest(server)
{
    private const string Header = "FirstName,LastName,Username,Password,Email";

    [Fact]
    public async Task The_dry_run_changes_nothing_and_tells_each_problem_by_line_and_column()
    {
        var taken = await AddAsync();
        var name = NewName();
        var import = await CheckAsync(
            $"""
            {Header},Group1,state
            Ada,L,{name},a long passphrase,{name}@example.test,,
            Bob,B,bob smith,,{name}b@example.test,,
            Cid,C,{name}c,short,{taken.Email},No such group,gone
            Dee,D,{name}d,,not-an-address,,
            Eve,E,{name}e,,{name}@example.test,,
            """
        );

        (await ProblemsAsync(import)).ShouldBe(
            [
                "3 Username username-invalid",
                "4 Email email-taken",
                "4 Group1 import-group-unknown",
                "4 Password password-too-short",
                "4 state import-state-unknown",
                "5 Email email-invalid",
                "6 Email import-twice",
            ],
            ignoreOrder: true
        );
        (import.State, import.Rows, import.Created, import.Refused).ShouldBe(
            (ImportState.Checked, 5, 1, 4)
        );
        (await FindAsync(name)).ShouldBeNull();
    }

    [Theory]
    [InlineData("Username,Email,Shoe size", "import-column-unknown")]
    [InlineData("FirstName,LastName", "import-column-missing")]
    [InlineData("Username,Email,e-mail", "import-column-twice")]
    [InlineData("", "import-empty")]
    public async Task A_file_that_is_not_of_users_is_refused(string header, string code)
    {
        var import = await CheckAsync(header);

        import.State.ShouldBe(ImportState.Refused);
        (await ProblemsAsync(import)).ShouldBe([$"1  {code}"]);
    }

    [Fact]
    public async Task Every_column_comes_in_and_goes_out_again()
    {
        var (boss, name, group) = (NewName(), NewName(), await AddGroupAsync());
        var file = $"""
            {Header};alternateEmail;employee_identifier;Manager;Group1;Attribute1_name;Attribute1_value;enable_user_portal_multifactor
            Ada;"Love;lace";{name};;{name}@Example.test;{name}@home.test;E-{name};{boss};{group.Name.ToUpperInvariant()};team;=engine;TRUE
            Big;Boss;{boss};;{boss}@example.test;;;;;;;
            """.Replace(Header, Header.Replace(',', ';'));

        var import = await ImportAsync(file);

        (import.Created, import.Refused).ShouldBe((2, 0));
        var user = (await FindAsync(name))!;
        (user.LastName, user.Email, user.AlternateEmail, user.EmployeeIdentifier).ShouldBe(
            ("Love;lace", $"{name}@example.test", $"{name}@home.test", $"E-{name}")
        );
        user.Attributes["team"].ShouldBe(["=engine"]);
        user.ManagerId.ShouldBe((await FindAsync(boss))!.Id);
        (await Queries.GroupsOfUserAsync(user.Id, Ct)).Select(g => g.Id).ShouldBe([group.Id]);
        using var exported = new MemoryStream();
        await Server.Service<UserExport>().WriteAsync(exported, Ct);
        Encoding
            .UTF8.GetString(exported.ToArray())
            .ShouldContain(",enable_user_portal_multifactor,");
        var line = Encoding
            .UTF8.GetString(exported.ToArray())
            .Split("\r\n")
            .Single(l => l.Contains($",{name},", StringComparison.Ordinal));
        foreach (
            var part in new[] { "Love;lace", $"{name}@home.test", boss, group.Name, "'=engine" }
        )
        {
            line.ShouldContain(part);
        }
        // What went out comes in again, and changes nothing.
        var again = await ImportAsync(Encoding.UTF8.GetString(exported.ToArray()), update: true);
        (again.Created, again.Refused).ShouldBe((0, 0));
        (await FindAsync(name))!.Version.ShouldBe(user.Version);
    }

    [Fact]
    public async Task Users_who_exist_are_left_out_or_changed_as_was_chosen()
    {
        var user = await AddAsync(Somebody() with { JobTitle = "Clerk", Department = "Post" });
        var file = $"Username,Email,JobTitle\n{user.Username},{user.Email},Chief\n";

        await ImportAsync(file);
        (await FindAsync(user.Username))!.JobTitle.ShouldBe("Clerk");
        await ImportAsync(file, update: true);

        var changed = (await FindAsync(user.Username))!;
        (changed.JobTitle, changed.Department).ShouldBe(("Chief", "Post"));
    }

    [Fact]
    [Trait("Rule", "J-103")]
    public async Task Who_is_active_with_a_password_gets_no_mail_J_103()
    {
        var (with, without) = (NewName(), NewName());

        await ImportAsync(
            $"{Header}\n,,{with},a long passphrase,{with}@example.test\n,,{without},,{without}@example.test\n",
            mail: true
        );

        await using var db = Server.Open();
        (
            await db
                .QueuedMails.Where(m =>
                    m.Recipient.StartsWith(with) || m.Recipient.StartsWith(without)
                )
                .Select(m => m.Recipient)
                .ToListAsync(Ct)
        ).ShouldBe([$"{without}@example.test"]);
    }

    [Fact]
    public async Task An_import_that_was_interrupted_goes_on_where_it_was()
    {
        var prefix = NewName("many");
        var rows = Enumerable
            .Range(0, 600)
            .Select(i => $"{prefix}-{i},{prefix}-{i}@example.test\n");
        var file = "Username,Email\n" + string.Concat(rows);
        var checkedFile = await CheckAsync(file);
        await Server.AskAsync<UserImports, bool>(imports =>
            imports.ImportAsync(checkedFile.Id, Ct)
        );

        // The node dies in its third batch: its work stops, and nobody gives its lease back.
        using (var dying = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            var runner = new ImportRunner(
                Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                Server.Service<ImportFile>(),
                Server.Service<IServiceScopeFactory>(),
                // Asked for what was broken off, when an import is taken, and before each batch is saved.
                new LastHour(Server.Clock, dying, looks: 5)
            );
            await Should.ThrowAsync<OperationCanceledException>(() => runner.RunAsync(dying.Token));
        }
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
    public async Task A_second_factor_can_be_asked_of_a_user_with_days_to_set_it_up_J_75()
    {
        var (asked, not) = (NewName(), NewName());
        var columns = "Username,Email,enable_user_portal_multifactor,EnrollmentDays";
        await ImportAsync(
            $"{columns}\n{asked},{asked}@example.test,true,3\n{not},{not}@example.test,false,\n"
        );

        var user = (await FindAsync(asked))!;
        await using var db = Server.Open();
        var standing = await db.FactorStandings.SingleAsync(s => s.UserId == user.Id, Ct);
        (standing.Required, standing.EnrolBy).ShouldBe((true, Server.Clock.GetUtcNow().AddDays(3)));
        var other = (await FindAsync(not))!;
        (await db.FactorStandings.AnyAsync(s => s.UserId == other.Id, Ct)).ShouldBeFalse();
        (await EventsAsync(user.Id, EventTypes.UserUpdate))
            .Single()
            .Details.ShouldContain("second_factor.required");
    }

    [Fact]
    public async Task What_a_file_says_of_a_second_factor_is_checked_and_changes_no_administrator()
    {
        var owner = await AddAsync(Somebody() with { Role = Role.Owner });
        var columns = "Username,Email,enable_user_portal_multifactor,EnrollmentDays";
        var refused = await CheckAsync(
            $"{columns}\n{NewName()},{NewName()}@example.test,perhaps,366\n"
        );
        (await ProblemsAsync(refused)).ShouldBe(
            [
                "2 EnrollmentDays enrolment-days-out-of-range",
                "2 enable_user_portal_multifactor import-flag-unknown",
            ],
            ignoreOrder: true
        );

        await ImportAsync($"{columns}\n{owner.Username},{owner.Email},true,365\n", update: true);

        await using var db = Server.Open();
        (await db.FactorStandings.AnyAsync(s => s.UserId == owner.Id, Ct)).ShouldBeFalse();
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

    [Fact]
    public async Task An_owner_cannot_be_taken_over_by_an_address_in_a_file()
    {
        var owner = await AddAsync(Somebody() with { Role = Role.Owner });
        var import = await ImportAsync(
            $"Username,Email\n{owner.Username},somebody-else@example.test\n",
            update: true
        );
        (await ProblemsAsync(import)).ShouldBe(["2 Email import-role-account"]);
        (await FindAsync(owner.Username))!.Email.ShouldBe(owner.Email);
    }

    [Fact]
    public async Task The_state_of_somebody_with_a_role_is_not_changed_by_a_file()
    {
        var administrator = await AddAsync(Somebody() with { Role = Role.Owner });
        var import = await ImportAsync(
            $"Username,Email,State\n{administrator.Username},{administrator.Email},suspended\n",
            update: true
        );
        (await ProblemsAsync(import)).ShouldBe(["2 State import-role-account"]);
        (await FindAsync(administrator.Username))!.State.ShouldBe(UserState.Activated);
    }

    private async Task<UserImport> CheckAsync(string file, bool update = false, bool mail = false)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(file));
        var begun = await BeginAsync(content, update, mail);
        await RunAsync();
        return await ImportAsync(begun!.Id);
    }

    private Task<UserImport?> BeginAsync(Stream content, bool update = false, bool mail = false) =>
        Server.AskAsync<UserImports, UserImport?>(async imports =>
            (
                await imports.BeginAsync(
                    "users.csv",
                    content,
                    update,
                    mail,
                    new EventActor(null, "test"),
                    Ct
                )
            ).Value
        );

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

    private async Task<UserImport> ImportAsync(string file, bool update = false, bool mail = false)
    {
        var import = await CheckAsync(file, update, mail);
        await Server.AskAsync<UserImports, bool>(imports => imports.ImportAsync(import.Id, Ct));
        await RunAsync();
        return await ImportAsync(import.Id);
    }

    private Task RunAsync() => Server.Service<ImportRunner>().RunAsync(Ct);

    private async Task<UserImport> ImportAsync(Guid id) =>
        (await Server.AskAsync<UserImports, UserImport?>(imports => imports.FindAsync(id, Ct)))!;

    private async Task<List<string>> ProblemsAsync(UserImport import) =>
        [
            .. (
                await Server.AskAsync<UserImports, IReadOnlyList<UserImportProblem>>(imports =>
                    imports.ProblemsAsync(import.Id, 100, Ct)
                )
            ).Select(p => $"{p.Line} {p.ColumnName} {p.Code}"),
        ];

    private Task<User?> FindAsync(string username) =>
        Server.AskAsync<UserService, User?>(users => users.FindByUsernameAsync(username, Ct));

    private async Task<int> CountAsync(string prefix)
    {
        await using var db = Server.Open();
        return await db.Users.CountAsync(u => u.Username.StartsWith(prefix + "-"), Ct);
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

public sealed class UserImportsOnSqlite(SqliteIdentityProvider server)
    : UserImportTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserImportsOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserImportTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
