using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Tests.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Sessions;

/// <summary>Browsers are known again: a new one is told by mail, a chosen one is let off the second step.</summary>
public abstract class KnownBrowserTests(TestIdentityProvider server)
{
    private const string Known = "__Host-latchkey-known";
    private const string Right = TestIdentityProvider.Password;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<TestPage> SignInAsync(
        TestBrowser browser,
        User user,
        string password = Right
    )
    {
        Leave(browser);
        var page = await browser.OpenAsync("/sign-in");
        return await browser.SubmitAsync(page, ("username", user.Username), ("password", password));
    }

    /// <summary>The session is gone, the rest of the browser's memory stays.</summary>
    private static void Leave(TestBrowser browser)
    {
        if (browser.Cookie("__Host-latchkey") is not null)
            browser.SetCookie("__Host-latchkey", SessionService.NewSecret());
    }

    private async Task<int> MailsAsync(User user)
    {
        await using var db = server.Open();
        return await db.QueuedMails.CountAsync(
            m => m.UserId == user.Id && m.Template == "new_browser",
            Ct
        );
    }

    private Task RememberAsync(int days) =>
        server.AskAsync<SessionSettingsService, Outcome<SessionSettings>>(s =>
            s.SaveAsync(SessionSettings.Default with { RememberDays = days }, Ct)
        );

    /// <summary>A user with an authenticator app who had this browser remembered.</summary>
    private async Task<(User, AuthenticatorApp, TestBrowser)> RememberedAsync(
        Action<User>? adjust = null
    )
    {
        await RememberAsync(30);
        var user = await server.AddUserAsync(adjust);
        var app = await AuthenticatorApp.EnrolAsync(server, user);
        var browser = server.NewBrowser();
        var page = await SignInAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()), ("remember", "true"));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        return (user, app, browser);
    }

    [Fact]
    public async Task A_sign_in_from_a_new_browser_is_told_and_one_from_a_known_browser_is_not()
    {
        var user = await server.AddUserAsync();
        var first = server.NewBrowser();
        await SignInAsync(first, user);
        (await MailsAsync(user)).ShouldBe(0);
        var second = server.NewBrowser();
        await SignInAsync(second, user);
        (await MailsAsync(user)).ShouldBe(1);
        await SignInAsync(first, user);
        await SignInAsync(second, user);
        (await MailsAsync(user)).ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_that_keeps_no_cookies_does_not_flood_the_mailbox()
    {
        var user = await server.AddUserAsync();
        for (var i = 0; i < 8; i++)
            await SignInAsync(server.NewBrowser(), user);
        (await MailsAsync(user)).ShouldBe(3);
    }

    [Fact]
    public async Task Two_users_of_one_browser_are_both_known_there()
    {
        var (ada, grace) = (await server.AddUserAsync(), await server.AddUserAsync());
        var (shared, other) = (server.NewBrowser(), server.NewBrowser());
        await SignInAsync(other, ada);
        await SignInAsync(other, grace);
        await SignInAsync(shared, ada);
        await SignInAsync(shared, grace);
        await SignInAsync(shared, ada);
        await SignInAsync(shared, grace);
        (await MailsAsync(ada), await MailsAsync(grace)).ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Rule", "P9")]
    public async Task A_secret_that_was_planted_is_worth_nothing_after_the_sign_in()
    {
        var (user, attacker) = (await server.AddUserAsync(), await server.AddUserAsync());
        var theirs = server.NewBrowser();
        await SignInAsync(theirs, attacker);
        var planted = theirs.Cookie(Known)!;
        var browser = server.NewBrowser();
        browser.SetCookie(Known, planted);
        await SignInAsync(browser, user);
        browser.Cookie(Known).ShouldNotBe(planted);
        await using var db = server.Open();
        var hash = SessionService.HashOf(planted)!;
        (await db.KnownBrowsers.AnyAsync(b => b.TokenHash == hash, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_remembered_browser_is_let_off_the_second_step_until_its_days_are_over()
    {
        var (user, _, browser) = await RememberedAsync();
        (await SignInAsync(browser, user)).Address.ShouldBe("/");
        (await SignInAsync(server.NewBrowser(), user)).Title.ShouldBe("One more step");
        server.Clock.Advance(TimeSpan.FromDays(30));
        (await SignInAsync(browser, user)).Title.ShouldBe("One more step");
    }

    [Fact]
    public async Task Nothing_is_remembered_that_the_user_did_not_choose()
    {
        await RememberAsync(30);
        var user = await server.AddUserAsync();
        var app = await AuthenticatorApp.EnrolAsync(server, user);
        var browser = server.NewBrowser();
        var page = await SignInAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()), ("remember", "false"));
        (await SignInAsync(browser, user)).Title.ShouldBe("One more step");
    }

    [Fact]
    public async Task Where_it_is_off_nothing_is_offered_or_remembered()
    {
        var (user, _, browser) = await RememberedAsync();
        await RememberAsync(0);
        var page = await SignInAsync(browser, user);
        page.Title.ShouldBe("One more step");
        page.Document.QuerySelector("input[name=remember]").ShouldBeNull();
    }

    [Fact]
    public async Task A_changed_factor_takes_it_back()
    {
        var (user, _, browser) = await RememberedAsync();
        await server.AskAsync<Latchkey.Server.SignIn.Factors.FactorSetup, IReadOnlyList<string>>(
            s => s.RenewRecoveryCodesAsync(user, Ct)
        );
        (await SignInAsync(browser, user)).Title.ShouldBe("One more step");
    }

    [Fact]
    public async Task A_changed_password_takes_it_back()
    {
        var (user, _, browser) = await RememberedAsync();
        const string New = "seven umbrellas in june";
        var changed = await server.AskAsync<UserPasswords, Outcome<User>>(passwords =>
            passwords.ChangeOwnAsync(user.Id, New, null, Ct)
        );
        changed.Problems.ShouldBeEmpty();
        (await SignInAsync(browser, user, New)).Title.ShouldBe("One more step");
    }

    [Fact]
    public async Task The_user_takes_it_back_on_the_security_page()
    {
        var (user, _, browser) = await RememberedAsync();
        var page = await SignInAsync(browser, user);
        page = await browser.OpenAsync("/security");
        page.Text.ShouldContain("No second step until");
        var form = page.Document.Forms.First(f =>
            f.GetAttribute("action")?.Contains("Forget", StringComparison.Ordinal) == true
        );
        await browser.SubmitAsync(page, form);
        (await SignInAsync(browser, user)).Title.ShouldBe("One more step");
    }

    [Fact]
    public async Task What_a_remembered_browser_is_let_off_is_asked_for_before_a_factor_is_changed()
    {
        var (user, app, browser) = await RememberedAsync();
        await SignInAsync(browser, user);
        var page = await browser.OpenAsync("/security/authenticator");
        page.Title.ShouldBe("One more step");
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        page.Address.ShouldBe("/security/authenticator");
    }

    [Fact]
    [Trait("Rule", "P9")]
    public async Task A_step_up_renews_the_session_and_its_old_secret_opens_nothing()
    {
        var (user, app, browser) = await RememberedAsync();
        await SignInAsync(browser, user);
        var before = browser.Cookie("__Host-latchkey")!;
        var page = await browser.OpenAsync("/security/authenticator");
        await browser.SubmitAsync(page, ("code", app.Code()));
        var thief = server.NewBrowser();
        thief.SetCookie("__Host-latchkey", before);
        (await thief.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
    }

    [Fact]
    public async Task A_session_that_was_let_off_the_second_step_ends_when_its_user_gets_a_role()
    {
        var (user, _, browser) = await RememberedAsync();
        await SignInAsync(browser, user);
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
        await ChangeRoleAsync(user, Role.Owner);
        (await browser.OpenAsync("/admin/users")).Address.ShouldStartWith("/sign-in");
        var told = (await server.EventsAboutAsync(user)).Single(e =>
            e.Type == EventTypes.SessionEnd
        );
        told.Details.ShouldContain("\"sessions\":1");
    }

    [Fact]
    public async Task A_role_that_ends_no_session_tells_of_no_end()
    {
        var (user, app, browser) = await RememberedAsync();
        await ChangeRoleAsync(user, Role.Auditor);
        (await server.EventsAboutAsync(user)).ShouldNotContain(e =>
            e.Type == EventTypes.SessionEnd
        );
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
    }

    private async Task ChangeRoleAsync(User user, Role role)
    {
        var granted = await server.AskAsync<UserService, Outcome<User>>(users =>
            users.UpdateAsync(user.Id, UserInput.From(user) with { Role = role }, null, Ct)
        );
        granted.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Administrators_are_always_asked()
    {
        var (user, _, browser) = await RememberedAsync(u => u.Role = Role.Administrator);
        (await SignInAsync(browser, user)).Title.ShouldBe("One more step");
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : KnownBrowserTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : KnownBrowserTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
