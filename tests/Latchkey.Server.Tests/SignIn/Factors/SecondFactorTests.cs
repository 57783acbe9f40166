using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>The second step of a sign-in with the code of an authenticator app (J-73).</summary>
public abstract class SecondFactorTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task Whoever_set_up_an_app_has_no_session_after_the_password()
    {
        var (user, _) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        page.Document.QuerySelector("input[name=code]").ShouldNotBeNull();
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task The_right_code_signs_in()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        page.Address.ShouldBe("/?q=wiki");
    }

    [Fact]
    public async Task The_session_knows_that_two_factors_were_proved()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()));
        var session = await Server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.Session.Methods.ShouldBe("pwd otp mfa");
    }

    [Fact]
    public async Task A_code_signs_in_once()
    {
        var (user, app) = await EnrolledAsync();
        var code = app.Code();
        var first = Server.NewBrowser();
        await first.SubmitAsync(await PasswordAsync(first, user), ("code", code));
        var second = Server.NewBrowser();
        var page = await second.SubmitAsync(await PasswordAsync(second, user), ("code", code));
        second.Cookie(Cookie).ShouldBeNull();
        page.Text.ShouldContain("was used already");
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_app_for_a_quarter_of_an_hour()
    {
        var (user, app) = await EnrolledAsync();
        await WrongCodesAsync(user, 5);
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();

        Server.Clock.Advance(TimeSpan.FromMinutes(16));
        var later = Server.NewBrowser();
        await later.SubmitAsync(await PasswordAsync(later, user), ("code", app.Code()));
        later.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_who_use_a_code_at_once_one_gets_in()
    {
        var (user, app) = await EnrolledAsync();
        var authenticators = Server.Service<AuthenticatorService>();
        var code = app.Code();
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => authenticators.VerifyAsync(user.Id, code, Ct))
        );
        verdicts.Count(v => v == FactorVerdict.Right).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_codes_guessed_at_once_no_more_are_looked_at_than_may_be()
    {
        var (user, _) = await EnrolledAsync();
        var authenticators = Server.Service<AuthenticatorService>();
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => authenticators.VerifyAsync(user.Id, "no code", Ct))
        );
        verdicts.Count(v => v == FactorVerdict.Wrong).ShouldBe(new SignInLimits().CodesBeforeLock);
    }

    [Fact]
    public async Task A_wrong_code_leaves_an_event_under_the_code_of_the_sign_in()
    {
        var (user, _) = await EnrolledAsync();
        await WrongCodesAsync(user, 1);
        var events = await Server.EventsOfAsync(user);
        events
            .Single(e => e is { Type: EventTypes.UserLoginStep, Success: false })
            .FindingCode.ShouldBe("factor-wrong");
    }

    [Fact]
    public async Task The_second_step_belongs_to_the_browser_of_the_first()
    {
        var (user, app) = await EnrolledAsync();
        var page = await PasswordAsync(Server.NewBrowser(), user);
        var thief = Server.NewBrowser();
        var stolen = await thief.OpenAsync(page.Address);
        stolen.Status.ShouldBe(HttpStatusCode.BadRequest);
        await thief.SubmitAsync(page, ("code", app.Code()));
        thief.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task A_password_changed_between_the_steps_undoes_the_first()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        var changed = await Server.AskAsync<UserPasswords, Outcome<User>>(passwords =>
            passwords.ChangeOwnAsync(user.Id, "seven umbrellas in june", null, Ct)
        );
        changed.Problems.ShouldBeEmpty();
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
        page.Document.QuerySelector("input[name=password]").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_first_step_does_not_outlive_its_time()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        Server.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task A_code_without_the_forms_token_is_not_taken()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.PostAsync(
            $"{page.Address}&handler=Code",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = app.Code() },
            "same-origin"
        );
        browser.Cookie(Cookie).ShouldBeNull();
    }

    private async Task WrongCodesAsync(User user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var browser = Server.NewBrowser();
            await browser.SubmitAsync(await PasswordAsync(browser, user), ("code", "000000"));
        }
    }
}

public sealed class SqliteSecondFactorTests(SqliteIdentityProvider server)
    : SecondFactorTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlSecondFactorTests(PostgreSqlIdentityProvider server)
    : SecondFactorTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
