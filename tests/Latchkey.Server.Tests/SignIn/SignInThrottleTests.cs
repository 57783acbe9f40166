using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>How often passwords may be tried, by address and in the whole organisation; a browser counts apart from its address at the names of those who signed in from it.</summary>
public abstract class SignInThrottleTests(TestIdentityProvider server)
{
    private const string Cookie = "__Host-latchkey";

    [Fact]
    public async Task Whoever_has_one_account_cannot_try_passwords_at_everybodys()
    {
        var user = await server.AddUserAsync();
        var browser = new TestBrowser(server.Handler()) { Address = "198.51.100.201" };
        await TryAsync(browser, user.Username, TestIdentityProvider.Password);
        browser.Cookie(Cookie).ShouldNotBeNull();
        TestPage page = null!;
        for (var i = 0; i < 60; i++)
        {
            // A sign-in of one's own in between must not begin the count anew.
            if (i % 20 == 19)
                await TryAsync(browser, user.Username, TestIdentityProvider.Password);
            page = await TryAsync(browser, $"colleague{i}", "Summer2026!");
        }
        page.Text.ShouldContain("Too many tries");

        await TryAsync(browser, user.Username, TestIdentityProvider.Password);
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
    }

    [Fact]
    public async Task Fifty_tries_from_one_address_are_all_for_five_minutes_and_others_go_on()
    {
        var user = await server.AddUserAsync();
        for (var i = 0; i < 50; i++)
        {
            var tried = await TryAsync(From("198.51.100.202"), $"nobody{i}", "wrong");
            tried.Text.ShouldNotContain("Too many tries");
        }
        var refused = From("198.51.100.202");
        (await TryAsync(refused, user.Username, TestIdentityProvider.Password)).Text.ShouldContain(
            "Too many tries"
        );
        await SignsInAsync(From("203.0.113.202"), user);
        server.Clock.Advance(TimeSpan.FromMinutes(5.1));
        await SignsInAsync(From("198.51.100.202"), user);
    }

    [Fact]
    public void Three_thousand_tries_from_everywhere_stop_strangers_for_five_minutes_and_no_known_browser()
    {
        var clock = new FakeTimeProvider();
        var throttle = new SignInThrottle(new SignInLimits(), clock);
        for (var i = 0; i < 3000; i++)
            throttle.TryTake($"name{i}", $"address {i}").ShouldBeTrue();
        throttle.TryTake("ada", "an address").ShouldBeFalse();
        throttle.TryTake("ada", "a browser", isKnown: true).ShouldBeTrue();
        clock.Advance(TimeSpan.FromMinutes(5.1));
        throttle.TryTake("ada", "an address").ShouldBeTrue();
    }

    private static async Task SignsInAsync(TestBrowser browser, User user)
    {
        await TryAsync(browser, user.Username, TestIdentityProvider.Password);
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    private TestBrowser From(string address) => new(server.Handler()) { Address = address };

    /// <summary>Tries once, as nobody who is signed in.</summary>
    private static async Task<TestPage> TryAsync(TestBrowser browser, string name, string password)
    {
        if (browser.Cookie(Cookie) is not null)
            browser.SetCookie(Cookie, SessionService.NewSecret());
        var page = await browser.OpenAsync("/sign-in");
        return await browser.SubmitAsync(page, ("username", name), ("password", password));
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SignInThrottleTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SignInThrottleTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
