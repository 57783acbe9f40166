using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
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

        var (code, said) = await RunAsync("rescue", "password", owner.Username);

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

    [Theory]
    [InlineData(1, "rescue", "owner", "nobody-of-that-name")]
    [InlineData(2, "rescue", "everything", "ada")]
    [InlineData(2, "rescue", "owner")]
    public async Task What_makes_no_sense_is_refused(int code, params string[] args) =>
        (await RunAsync(args)).Code.ShouldBe(code);

    private async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        await using var console = new StringWriter();
        var code = await RescueCommand.RunAsync(args, server.Options, console);
        return (code, console.ToString());
    }
}

public sealed class RescueCommandOnSqlite(SqliteIdentityProvider server)
    : RescueCommandTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class RescueCommandOnPostgreSql(PostgreSqlIdentityProvider server)
    : RescueCommandTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
