using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>What is decided for a user while they wait at a step of a sign-in counts at once.</summary>
public abstract class ChangedMeanwhileTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    [Trait("Rule", "J-76")]
    public async Task Who_is_let_off_the_second_step_while_waiting_at_it_is_in()
    {
        var (user, _) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        await StandingAsync(user, required: false, Server.Clock.GetUtcNow().AddDays(1));
        (await browser.OpenAsync(page.Address)).Address.ShouldBe("/?q=wiki");
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "J-76")]
    public async Task Whose_factors_are_taken_away_while_waiting_and_of_whom_none_is_asked_is_in()
    {
        var (user, _) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        await ResetAsync(user);
        // The form that is still open sends its code, which is of no use any more and not needed either.
        page = await browser.SubmitAsync(page, ("code", "000000"));
        page.Address.ShouldBe("/?q=wiki");
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task Whose_factors_are_taken_away_while_waiting_and_of_whom_one_is_asked_has_new_days()
    {
        var (user, _) = await EnrolledAsync();
        await StandingAsync(user, required: true, null);
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        await ResetAsync(user);
        page = await browser.OpenAsync(page.Address);
        page.Document.QuerySelector("#later").ShouldNotBeNull();
        page.Text.ShouldNotContain("{0}");
        (await browser.PressAsync(page, "#later")).Address.ShouldBe("/?q=wiki");
    }

    [Fact]
    public async Task A_password_that_need_not_be_changed_any_more_lets_its_user_in()
    {
        var user = await Server.AddUserAsync(u => u.PasswordExpiresAt = Server.Clock.GetUtcNow());
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        page.Title.ShouldBe("Choose a new password");
        await Server.ChangeAsync(user, u => u.PasswordExpiresAt = null);
        (await browser.OpenAsync(page.Address)).Address.ShouldBe("/?q=wiki");
    }

    private Task<Problem?> ResetAsync(User user) =>
        Server.AskAsync<FactorSetup, Problem?>(setup => setup.ResetAsync(user, Ct));

    private Task<Problem?> StandingAsync(User user, bool required, DateTimeOffset? excludedUntil) =>
        Server.AskAsync<FactorSetup, Problem?>(setup =>
            setup.SetStandingAsync(user, required, excludedUntil, Ct)
        );
}

public sealed class SqliteChangedMeanwhileTests(SqliteIdentityProvider server)
    : ChangedMeanwhileTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlChangedMeanwhileTests(PostgreSqlIdentityProvider server)
    : ChangedMeanwhileTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
