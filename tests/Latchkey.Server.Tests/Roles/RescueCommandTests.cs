using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Rules;
using Latchkey.Server.Tests.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Roles;

/// <summary>What helps on the host when no owner can sign in any more.</summary>
public abstract class RescueCommandTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_is_made_an_owner_and_active()
    {
        var user = await server.AddUserAsync(u => u.State = UserState.Suspended);

        (await RunAsync("rescue", "owner", user.Username)).Code.ShouldBe(0);

        await using var db = server.Open();
        var now = await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
        (now.Role, now.State).ShouldBe((Role.Owner, UserState.Activated));
        (await server.EventsAboutAsync(user)).ShouldContain(e =>
            e.Type == EventTypes.UserAdminGranted && e.ActorName == "rescue owner"
        );
    }

    [Fact]
    public async Task A_lost_second_step_is_taken_away()
    {
        var user = await server.AddUserAsync();
        await AuthenticatorApp.EnrolAsync(server, user);

        (await RunAsync("rescue", "factors", user.Username)).Code.ShouldBe(0);

        await using var db = server.Open();
        (await UserFactors.ReadAsync(db, user.Id, Ct)).Any.ShouldBeFalse();
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_one_that_serves_to_choose_another()
    {
        var owner = await server.AddUserAsync(u => u.Role = Role.Owner);

        var (code, said, _) = await RunAsync("rescue", "password", owner.Username);

        code.ShouldBe(0);
        // The command goes by the host's clock; the server of a test may be behind it.
        if (DateTimeOffset.UtcNow is var now && now > server.Clock.GetUtcNow())
            server.Clock.SetUtcNow(now);
        var browser = server.NewBrowser();
        var page = await browser.SubmitAsync(
            await browser.OpenAsync("/sign-in"),
            ("username", owner.Username),
            ("password", said.Trim())
        );
        page.Title.ShouldBe("Choose a new password");
    }

    [Fact]
    public async Task A_password_that_lets_nobody_in_yet_is_called_that()
    {
        var user = await server.AddUserAsync(u => u.State = UserState.Staged);

        var (code, _, errors) = await RunAsync("rescue", "password", user.Username);

        code.ShouldBe(0);
        errors.ShouldContain($"{user.Username} is staged and cannot sign in");
    }

    [Fact]
    public async Task Who_is_suspended_gets_no_password()
    {
        var user = await server.AddUserAsync(u => u.State = UserState.Suspended);

        var (code, _, errors) = await RunAsync("rescue", "password", user.Username);

        code.ShouldBe(1);
        errors.ShouldContain("Activate the user first.");
    }

    [Fact]
    public async Task Who_is_made_an_owner_is_not_suspended_by_an_earlier_plan()
    {
        var user = await server.AddUserAsync();
        await server.AskAsync<UserStates, Outcome<User>>(states =>
            states.ScheduleAsync(
                user.Id,
                UserState.Suspended,
                server.Clock.GetUtcNow().AddDays(9),
                null,
                Ct
            )
        );

        await RunAsync("rescue", "owner", user.Username);

        await using var db = server.Open();
        (await db.ScheduledStates.AnyAsync(s => s.UserId == user.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_value_whose_type_has_changed_keeps_nobody_from_becoming_an_owner()
    {
        var user = await server.AddUserAsync(u =>
            u.Attributes = new Dictionary<string, IReadOnlyList<string>> { ["floor"] = ["third"] }
        );
        await server.AskAsync<AttributeDefinitions, Outcome<AttributeDefinition>>(definitions =>
            definitions.SaveAsync(
                new("floor", "Floor", null, AttributeType.Number),
                isNew: false,
                Ct
            )
        );

        (await RunAsync("rescue", "owner", user.Username)).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("owner", EventTypes.UserAdminGranted)]
    [InlineData("factors", EventTypes.UserFactorsReset)]
    [InlineData("password", EventTypes.UserPasswordSet)]
    public async Task Each_is_an_event_that_names_the_command(string what, string type)
    {
        var user = await server.AddUserAsync();

        await RunAsync("rescue", what, user.Username);

        var told = (await server.EventsAboutAsync(user)).Single(e => e.Type == type);
        told.ActorName.ShouldBe($"rescue {what}");
        told.Details.ShouldContain("\"auth_method\":\"command_line\"");
    }

    [Theory]
    [InlineData(1, "rescue", "owner", "nobody-of-that-name")]
    [InlineData(2, "rescue", "everything", "ada")]
    [InlineData(2, "rescue", "owner")]
    public async Task What_makes_no_sense_is_refused(int code, params string[] args) =>
        (await RunAsync(args)).Code.ShouldBe(code);

    private async Task<(int Code, string Said, string Errors)> RunAsync(params string[] args)
    {
        await using var console = new StringWriter();
        await using var errors = new StringWriter();
        var code = await RescueCommand.RunAsync(args, server.Options, console, errors);
        return (code, console.ToString(), errors.ToString());
    }
}

public sealed class RescueCommandOnSqlite(SqliteIdentityProvider server)
    : RescueCommandTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class RescueCommandOnPostgreSql(PostgreSqlIdentityProvider server)
    : RescueCommandTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
