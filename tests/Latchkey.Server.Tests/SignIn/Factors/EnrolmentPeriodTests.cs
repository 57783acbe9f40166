using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>The days in which a second step is to be set up, as the user meets them at a sign-in (J-75).</summary>
public abstract class EnrolmentPeriodTests(TestIdentityProvider server) : StepUpTest(server)
{
    [Fact]
    [Trait("Rule", "J-75")]
    public async Task A_sign_in_from_a_service_provider_says_until_when_and_goes_on_without()
    {
        var (sp, user) = await AskedAsync();
        var request = sp.Request();
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Title.ShouldBe("Set up a second step");
        page.Document.QuerySelector("main time")!
            .GetAttribute("datetime")!
            .ShouldStartWith("2026-");
        // Nothing was begun by being told.
        (await AuthenticatorApp.HasBegunAsync(Server, user)).ShouldBeFalse();
        browser.Cookie(Cookie).ShouldBeNull();

        sp.Accept(await browser.PressAsync(page, "#later"), request);
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task It_is_set_up_at_once_by_whoever_wants_to()
    {
        var (sp, user) = await AskedAsync();
        var request = sp.Request();
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await browser.OpenAsync(
            page.Document.QuerySelector("#set-up-now")!.GetAttribute("href")!
        );
        page = await ConfirmAppAsync(browser, page);
        page.Title.ShouldBe("Recovery codes");
        page = await browser.OpenAsync(page.Document.QuerySelector("#kept")!.GetAttribute("href")!);
        sp.Accept(page, request);
        (await SessionAsync(browser)).Methods.ShouldBe("pwd otp mfa");
    }

    [Fact]
    public async Task Who_is_signed_in_is_not_told_again_at_each_application()
    {
        var (sp, user) = await AskedAsync();
        var browser = await Server.SignedInAsync(user);
        var request = sp.Request();
        sp.Accept(await browser.OpenAsync(sp.Redirect(request), "cross-site"), request);
        var forced = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(forced), "cross-site");
        sp.Accept(await browser.SubmitAsync(page, ("password", Right)), forced);
    }

    [Fact]
    public async Task A_sign_in_to_our_own_pages_says_it_too()
    {
        var (_, user) = await AskedAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        (await browser.PressAsync(page, "#later")).Address.ShouldBe("/?q=wiki");
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task An_application_that_demands_one_leaves_no_time_for_it()
    {
        var (sp, user) = await AskedAsync(demanded: true);
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Document.QuerySelector(".lk-qr").ShouldNotBeNull();
        page.Document.QuerySelector("#later").ShouldBeNull();
    }

    [Fact]
    public async Task Putting_it_off_without_the_forms_token_lets_nobody_in()
    {
        var (_, user) = await AskedAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.PostAsync(
            $"{page.Address}&handler=Later",
            new Dictionary<string, string>(StringComparer.Ordinal),
            "same-origin"
        );
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task When_the_days_are_over_it_cannot_be_put_off_any_more()
    {
        var (_, user) = await AskedAsync();
        await Server.SignedInAsync(user);
        Server.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        Server.Clock.Advance(TimeSpan.FromMinutes(10));
        page = await browser.PressAsync(page, "#later");
        page.ReferenceCode.ShouldNotBeNull();
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "J-111")]
    public async Task The_user_is_told_by_mail_when_the_days_begin_and_not_again()
    {
        var (_, user) = await AskedAsync();
        await Server.SignedInAsync(user);
        await Server.SignedInAsync(user);
        await using var database = Server.Open();
        (
            await database
                .QueuedMails.Where(m => m.UserId == user.Id && m.Template == "factor_asked")
                .CountAsync(Ct)
        ).ShouldBe(1);
    }

    private async Task<(TestServiceProvider Sp, User User)> AskedAsync(bool demanded = false)
    {
        var (sp, user) = await SetUpAsync(demanded);
        await Server.AskAsync<FactorSetup, Problems.Problem?>(setup =>
            setup.SetStandingAsync(user, required: true, excludedUntil: null, Ct)
        );
        return (sp, user);
    }
}

public sealed class SqliteEnrolmentPeriodTests(SqliteIdentityProvider server)
    : EnrolmentPeriodTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlEnrolmentPeriodTests(PostgreSqlIdentityProvider server)
    : EnrolmentPeriodTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
