using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>Users from a file (J-102, J-103).</summary>
public abstract class UserImportTests(TestIdentityProvider server) : ImportTest(server)
{
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
    public async Task Whoever_is_asked_already_gets_the_days_that_the_file_says_J_75()
    {
        var name = NewName();
        var columns = "Username,Email,enable_user_portal_multifactor,EnrollmentDays";
        await ImportAsync($"{columns}\n{name},{name}@example.test,true,\n");
        await ImportAsync($"{columns}\n{name},{name}@example.test,true,5\n", update: true);

        var user = (await FindAsync(name))!;
        await using var db = Server.Open();
        var standing = await db.FactorStandings.SingleAsync(s => s.UserId == user.Id, Ct);
        standing.EnrolBy.ShouldBe(Server.Clock.GetUtcNow().AddDays(5));
    }

    [Theory]
    [InlineData("EnrollmentDays", "3")]
    [InlineData("EnrollmentDays,enable_user_portal_multifactor", "3,")]
    public async Task Days_to_set_a_second_factor_up_without_asking_for_one_are_a_problem(
        string columns,
        string cells
    )
    {
        var import = await CheckAsync(
            $"Username,Email,{columns}\n{NewName()},{NewName()}@example.test,{cells}\n"
        );
        (await ProblemsAsync(import)).ShouldBe(["2 EnrollmentDays enrolment-days-alone"]);
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
}

public sealed class UserImportsOnSqlite(SqliteIdentityProvider server)
    : UserImportTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserImportsOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserImportTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
