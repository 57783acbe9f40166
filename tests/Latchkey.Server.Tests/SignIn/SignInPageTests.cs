using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Tests.SignIn;

public abstract class SignInPageTests(TestIdentityProvider server)
{
    private const string Right = TestIdentityProvider.Password;

    [Fact]
    public async Task Signing_in_leads_back_to_the_page_that_was_wanted()
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync("/?q=wiki");
        page.Address.ShouldStartWith("/sign-in?return=");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Address.ShouldBe("/?q=wiki");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/.//evil.example/")]
    [InlineData("/a/..//evil.example/")]
    [InlineData("/.\\/evil.example/")]
    [Trait("Rule", "P9")]
    public async Task Signing_in_never_leads_to_another_site(string address)
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync($"/sign-in?return={Uri.EscapeDataString(address)}");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Address.ShouldBe("/");
    }

    [Fact]
    public async Task A_browser_that_came_by_https_is_told_to_come_by_nothing_else() =>
        (await server.NewBrowser().OpenAsync("/sign-in"))
            .Headers["Strict-Transport-Security"]
            .ShouldBe("max-age=31536000");

    [Fact]
    public async Task An_address_in_any_letters_is_led_to_as_a_header_carries_it()
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync("/sign-in?return=/%C3%A4pfel?q=%C3%A4");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Address.ShouldBe("/%C3%A4pfel?q=%C3%A4");
    }

    [Fact]
    public async Task The_fields_are_what_password_managers_expect()
    {
        var page = await server.NewBrowser().OpenAsync("/sign-in");
        page.Document.QuerySelector("input[name=username]")!
            .GetAttribute("autocomplete")
            .ShouldBe("username");
        page.Document.QuerySelector("input[name=password][type=password]")!
            .GetAttribute("autocomplete")
            .ShouldBe("current-password");
    }

    [Fact]
    public async Task Unknown_locked_suspended_and_wrong_all_look_the_same()
    {
        var known = await server.AddUserAsync();
        var suspended = await server.AddUserAsync(u => u.State = UserState.Suspended);
        var staged = await server.AddUserAsync(u => u.State = UserState.Staged);
        var locked = await server.AddUserAsync(u =>
            u.LockoutEnd = server.Clock.GetUtcNow().AddMinutes(1)
        );
        var texts = new List<string>
        {
            await AnswerAsync(known.Username, "wrong password"),
            await AnswerAsync("nobody-at-all", Right),
            await AnswerAsync(suspended.Username, Right),
            await AnswerAsync(staged.Username, Right),
            await AnswerAsync(locked.Username, Right),
        };
        texts.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_event_says_why_somebody_was_not_let_in()
    {
        var user = await server.AddUserAsync(u => u.State = UserState.Suspended);
        await AnswerAsync(user.Username, Right);
        var happened = (await server.EventsOfAsync(user)).ShouldHaveSingleItem();
        (happened.Type, happened.Success, happened.FindingCode).ShouldBe(
            (EventTypes.UserLoginAttempt, false, "user-suspended")
        );
    }

    [Fact]
    public async Task Too_many_tries_are_refused_alike_for_known_and_unknown_names()
    {
        var user = await server.AddUserAsync();
        var answers = new List<string>();
        foreach (var name in (string[])[user.Username, "nobody-" + user.Username])
        {
            for (var i = 0; i < 10; i++)
                await AnswerAsync(name, "wrong password");
            answers.Add(await AnswerAsync(name, Right));
        }
        answers.Distinct().ShouldHaveSingleItem().ShouldContain("Too many tries");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task The_cookie_is_bound_to_the_host_closed_to_scripts_and_lax()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        var cookie = browser.SetCookieHeaders.Last(c =>
            c.StartsWith("__Host-latchkey=", StringComparison.Ordinal)
        );
        cookie.ShouldEndWith("; path=/; secure; samesite=lax; httponly", Case.Insensitive);
    }

    [Fact]
    [Trait("Rule", "P9")]
    public async Task A_session_planted_before_the_sign_in_is_not_the_session_afterwards()
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var planted = Latchkey.Server.SignIn.SessionService.NewSecret();
        browser.SetCookie("__Host-latchkey", planted);
        var page = await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        browser.Cookie("__Host-latchkey").ShouldNotBe(planted);
    }

    [Fact]
    public async Task A_sign_in_posted_by_another_site_signs_nobody_in()
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        await browser.PostAsync(
            "/sign-in",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["username"] = user.Username,
                ["password"] = Right,
            },
            "cross-site"
        );
        browser.Cookie("__Host-latchkey").ShouldBeNull();
    }

    [Fact]
    public async Task A_form_left_open_while_another_tab_signed_in_just_goes_on()
    {
        var user = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var forgotten = await browser.OpenAsync("/sign-in");
        var page = await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await browser.SubmitAsync(
            forgotten,
            ("username", user.Username),
            ("password", Right)
        );
        (page.Address, page.Status).ShouldBe(("/", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server_and_leaves_an_event()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        var secret = browser.Cookie("__Host-latchkey")!;
        var page = await browser.OpenAsync("/sign-out");
        page = await browser.SubmitAsync(page);
        page.Title.ShouldBe("You are signed out");
        (await server.EventsOfAsync(user)).ShouldContain(e => e.Type == EventTypes.UserLogout);
        browser.SetCookie("__Host-latchkey", secret);
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_sign_out_without_the_forms_token_is_ignored()
    {
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        await browser.PostAsync(
            "/sign-out",
            new Dictionary<string, string>(StringComparer.Ordinal),
            "same-origin"
        );
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
    }

    private async Task<string> AnswerAsync(string username, string password)
    {
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync("/sign-in");
        page = await browser.SubmitAsync(page, ("username", username), ("password", password));
        browser.Cookie("__Host-latchkey").ShouldBeNull();
        return page.Document.QuerySelector("#errors")!.TextContent;
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SignInPageTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SignInPageTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
