using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Tests.SignIn.Factors;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>Passwords that end (J-69).</summary>
public abstract class ExpiredPasswordTests(TestIdentityProvider server)
{
    private const string Old = TestIdentityProvider.Password;
    private const string New = "seven umbrellas in june";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Thirty days, warned a week before; the user set theirs so many days ago.</summary>
    private async Task<User> UserAsync(double age, Func<PasswordRules, PasswordRules>? with = null)
    {
        var now = server.Clock.GetUtcNow();
        var user = await server.AddUserAsync(u => u.PasswordSetAt = now.AddDays(-age));
        var group = await server.GroupAsync(null, user);
        var rules = new PasswordRules
        {
            ExpiryDays = 30,
            WarnDays = 7,
            CountFrom = now.AddYears(-1),
        };
        var made = await server.AskAsync<PasswordPolicyService, Outcome<PasswordPolicy>>(p =>
            p.CreateAsync(new($"For {user.Username}", with?.Invoke(rules) ?? rules, [group.Id]), Ct)
        );
        made.Problems.ShouldBeEmpty();
        return user;
    }

    private async Task<(TestBrowser Browser, TestPage Page)> SignInAsync(
        User user,
        string password = Old
    )
    {
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync("/sign-in");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", password));
        return (browser, page);
    }

    [Fact]
    public async Task It_is_changed_on_the_way_in_and_the_sign_in_goes_on_to_the_application()
    {
        var user = await UserAsync(age: 31);
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, user);
        var request = sp.Request();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Old));
        page.Title.ShouldBe("Choose a new password");
        browser.Cookie("__Host-latchkey").ShouldBeNull();
        page = await browser.SubmitAsync(page, ("password", New), ("again", New));
        sp.Accept(page, request);
        (await server.EventsOfAsync(user)).ShouldContain(e =>
            e.Type == EventTypes.UserPasswordChange
        );
        (await SignInAsync(user, New)).Page.Address.ShouldBe("/");
        (await SignInAsync(user, Old)).Page.Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task The_second_step_comes_before_the_new_password()
    {
        var user = await UserAsync(age: 31);
        var app = await AuthenticatorApp.EnrolAsync(server, user);
        var (browser, page) = await SignInAsync(user);
        page.Title.ShouldBe("One more step");
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        page.Title.ShouldBe("Choose a new password");
        page = await browser.SubmitAsync(page, ("password", New), ("again", New));
        page.Address.ShouldBe("/");
    }

    [Fact]
    public async Task Whose_password_ends_while_signed_in_changes_it_when_asked_again_and_goes_on()
    {
        var user = await UserAsync(age: 29.99);
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, user);
        var browser = await server.SignedInAsync(user);
        server.Clock.Advance(TimeSpan.FromHours(1));
        var request = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("password", Old));
        page.Title.ShouldBe("Choose a new password");
        page = await browser.SubmitAsync(page, ("password", New), ("again", New));
        sp.Accept(page, request);
    }

    [Fact]
    public async Task A_new_password_that_breaks_the_rules_is_refused_and_the_step_stays()
    {
        var user = await UserAsync(age: 31);
        var (browser, page) = await SignInAsync(user);
        page = await browser.SubmitAsync(page, ("password", "short"), ("again", "short"));
        page.Text.ShouldContain("Use at least 12 characters");
        page = await browser.SubmitAsync(page, ("password", Old), ("again", Old));
        page.Text.ShouldContain("not among your last 1");
        page = await browser.SubmitAsync(page, ("password", New), ("again", New + "!"));
        page.Text.ShouldContain("The two passwords differ");
        page.Title.ShouldBe("Choose a new password");
        browser.Cookie("__Host-latchkey").ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_gets_past_the_step_by_its_address()
    {
        var user = await UserAsync(age: 31);
        var (browser, page) = await SignInAsync(user);
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
        (await browser.OpenAsync(page.Address)).Title.ShouldBe("Choose a new password");
        (await server.NewBrowser().OpenAsync(page.Address)).Title.ShouldNotBe(
            "Choose a new password"
        );
    }

    [Fact]
    public async Task Before_it_ends_it_simply_works()
    {
        var user = await UserAsync(age: 29);
        (await SignInAsync(user)).Page.Address.ShouldBe("/");
    }

    [Fact]
    public async Task It_may_have_to_be_changed_some_days_before_already()
    {
        var user = await UserAsync(age: 29, r => r with { ForceDays = 2 });
        (await SignInAsync(user)).Page.Title.ShouldBe("Choose a new password");
    }

    [Fact]
    public async Task After_the_days_of_grace_it_serves_for_nothing()
    {
        var user = await UserAsync(age: 36, r => r with { GraceDays = 5 });
        var (browser, page) = await SignInAsync(user);
        page.Title.ShouldBe("Your password has ended");
        page.ReferenceCode.ShouldNotBeNull();
        browser.Cookie("__Host-latchkey").ShouldBeNull();
        (await server.EventsAsync(page.ReferenceCode)).ShouldContain(e =>
            e.FindingCode == "password-expired"
        );
    }

    [Fact]
    public async Task A_new_rule_counts_older_passwords_from_the_day_it_was_made()
    {
        var user = await UserAsync(age: 400, r => r with { CountFrom = null });
        (await SignInAsync(user)).Page.Address.ShouldBe("/");
        server.Clock.Advance(TimeSpan.FromDays(31));
        (await SignInAsync(user)).Page.Title.ShouldBe("Choose a new password");
    }

    [Fact]
    public async Task An_administrator_may_have_it_changed_at_the_next_sign_in()
    {
        var user = await server.AddUserAsync();
        var admin = await server.BrowserAsync();
        await admin.OpenAsync($"/admin/users/{user.Id}/password");
        admin.Tick("#Input_MustChange");
        await admin.ClickAsync("main .btn-primary");
        var given = admin.Value("#generated-password");
        (await SignInAsync(user, given)).Page.Title.ShouldBe("Choose a new password");
    }

    [Fact]
    public async Task Who_has_a_session_sees_when_it_ends()
    {
        var user = await UserAsync(age: 25);
        var (browser, _) = await SignInAsync(user);
        (await browser.OpenAsync("/security")).Text.ShouldContain(
            "Your password has to be changed by"
        );
    }

    [Fact]
    [Trait("Rule", "J-111")]
    public async Task The_owner_is_told_by_mail_once_before_and_once_after()
    {
        var soon = await UserAsync(age: 25);
        var fresh = await UserAsync(age: 1);
        var mails = server.Service<PasswordExpiryMails>();
        await mails.SendAsync(Ct);
        await mails.SendAsync(Ct);
        (await TemplatesAsync(soon)).ShouldBe(["password_ends_soon"]);
        server.Clock.Advance(TimeSpan.FromDays(6));
        await mails.SendAsync(Ct);
        await mails.SendAsync(Ct);
        (await TemplatesAsync(soon)).ShouldBe(["password_ends_soon", "password_expired"]);
        (await TemplatesAsync(fresh)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task The_warning_and_the_end_are_events()
    {
        var user = await UserAsync(age: 25);
        var mails = server.Service<PasswordExpiryMails>();
        await mails.SendAsync(Ct);
        server.Clock.Advance(TimeSpan.FromDays(6));
        await mails.SendAsync(Ct);
        (await server.EventsAboutAsync(user))
            .Select(e => e.Type)
            .ShouldBe([EventTypes.UserPasswordWarningEmail, EventTypes.UserPasswordExpired]);
    }

    [Fact]
    public async Task Of_two_nodes_that_look_at_once_one_sends_the_mail()
    {
        var user = await UserAsync(age: 25);
        var mails = server.Service<PasswordExpiryMails>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => mails.SendAsync(Ct)));
        (await TemplatesAsync(user)).ShouldBe(["password_ends_soon"]);
    }

    private async Task<string[]> TemplatesAsync(User user)
    {
        await using var db = server.Open();
        return await db
            .QueuedMails.Where(m => m.UserId == user.Id)
            .OrderBy(m => m.Id)
            .Select(m => m.Template)
            .ToArrayAsync(Ct);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : ExpiredPasswordTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : ExpiredPasswordTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
