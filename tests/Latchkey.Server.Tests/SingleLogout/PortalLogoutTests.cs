using System.Net;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>The user signs out at the portal.</summary>
public abstract class PortalLogoutTests(TestIdentityProvider server)
{
    [Fact]
    public async Task Without_an_application_it_is_over_at_once()
    {
        var (_, browser) = await StartAsync();
        var page = await browser.SignOutAsync();
        (page.Address, page.Title).ShouldBe(("/sign-out", "You are signed out"));
    }

    [Fact]
    public async Task The_result_says_for_each_application_signed_out_not_offered_or_failed_and_why()
    {
        var (user, browser) = await StartAsync();
        using var refusing = await new LogoutParty(server).AddAsync(user);
        using var old = await new LogoutParty(server).AddAsync([], user);
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await refusing.OpenAsync(browser);
        await old.OpenAsync(browser);
        await wiki.OpenAsync(browser);

        var page = await browser.SignOutAsync();
        page.Title.ShouldBe("You are signed out here");
        (await server.OpenSessionsAsync(user)).ShouldBe(0);
        browser.Cookie("__Host-latchkey").ShouldBeNull();
        page = await browser.WaitAsync(page);
        page = await wiki.ReplyAsync(browser, wiki.Asked(page));
        page = await browser.WaitAsync(page);
        page = await refusing.ReplyAsync(
            browser,
            refusing.Asked(page),
            new(StatusCodes.Responder, StatusCodes.RequestDenied)
        );
        page.Title.ShouldBe("You are signed out");
        page.Headers.Keys.ShouldNotContain("Refresh");
        page.States()
            .ShouldBe([
                "Signed out",
                "Offers no sign-out. Sign out there yourself.",
                "Not signed out. It said that it did not sign you out.",
            ]);
        var events = await server.EventsAsync(page.ReferenceCode!);
        events.ShouldContain(e => e.Type == EventTypes.SamlLogoutFinished && !e.Success);
        events.ShouldContain(e => e.Type == EventTypes.UserLogout && e.ActorId == user.Id);
    }

    [Fact]
    public async Task An_application_opened_twice_is_asked_once_for_both()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        var first = await wiki.OpenAsync(browser);
        var second = await wiki.OpenAsync(browser);
        var page = await browser.WaitAsync(await browser.SignOutAsync());
        var asked = wiki.Asked(page);
        asked.Message.SessionIndexes.ShouldBe([second.SessionIndex!, first.SessionIndex!]);
        page = await wiki.ReplyAsync(browser, asked);
        page.States().ShouldBe(["Signed out"]);
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task An_answer_with_a_forged_signature_settles_nothing()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        var here = page.Address;
        var asked = wiki.Asked(await browser.WaitAsync(page));
        using var other = SigningKey.Create(
            "other",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );
        var refused = await wiki.ReplyAsync(browser, asked, key: other);
        refused.Title.ShouldStartWith("We could not read what");
        (await browser.OpenAsync(here)).States().ShouldBe(["Asked"]);
        // The right one is still taken.
        (await wiki.ReplyAsync(browser, asked))
            .States()
            .ShouldBe(["Signed out"]);
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task An_answer_to_another_request_settles_nothing()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        var page = await browser.WaitAsync(await browser.SignOutAsync());
        var asked = wiki.Asked(page);
        var refused = await wiki.ReplyAsync(
            browser,
            asked,
            adjust: r => r with { InResponseTo = "_another" }
        );
        (refused.Status, refused.ReferenceCode).ShouldNotBe((HttpStatusCode.OK, null));
        (await server.EventsAsync(refused.ReferenceCode!)).ShouldContain(e =>
            e.FindingCode == "in-response-to-mismatch"
        );
    }

    [Fact]
    public async Task Another_browser_sees_nothing_of_it()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        var thief = server.NewBrowser();
        (await thief.OpenAsync(page.Address)).Title.ShouldBe("This sign-out is no longer open");
        (await thief.OpenAsync(page.Headers["Refresh"].Split("url=")[1])).Title.ShouldBe(
            "This sign-out is no longer open"
        );
    }

    [Fact]
    public async Task After_a_restart_in_the_middle_it_goes_on_where_it_was()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var mail = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        await mail.OpenAsync(browser);
        var asked = mail.Asked(await browser.WaitAsync(await browser.SignOutAsync()));

        // Another process, which knows what is stored and nothing more.
        var (_, handler) = await server.AddNodeAsync();
        var later = new TestBrowser(handler());
        foreach (var (name, value) in browser.Cookies)
            later.SetCookie(name, value);
        var page = await later.WaitAsync(await mail.ReplyAsync(later, asked));
        page = await wiki.ReplyAsync(later, wiki.Asked(page));
        page.States().ShouldBe(["Signed out", "Signed out"]);
    }

    [Fact]
    public async Task Who_comes_back_later_is_offered_to_go_on()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        wiki.Asked(await browser.WaitAsync(await browser.SignOutAsync()));
        var page = await browser.OpenAsync("/sign-out");
        var link = page.Document.QuerySelector("#go-on")!.GetAttribute("href")!;
        (await browser.OpenAsync(link)).States().ShouldBe(["Asked"]);
    }

    [Fact]
    public async Task Without_a_certificate_to_check_answers_with_nobody_is_asked()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await server.ChangeAsync(wiki.Application, a => a.SpSigningCertificates = []);
        await wiki.OpenAsync(browser);
        var page = await browser.WaitAsync(await browser.SignOutAsync());
        page.States().ShouldBe(["Not signed out. Something is not set up for it yet."]);
    }

    [Fact]
    public async Task An_application_whose_key_cannot_be_opened_keeps_no_other_waiting()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var broken = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        await broken.OpenAsync(browser);
        await server.BreakKeyAsync(broken.Application);
        // The one that was opened last is asked first.
        var page = await browser.WaitAsync(await browser.SignOutAsync());
        page = await wiki.ReplyAsync(browser, wiki.Asked(page));
        page.States()
            .ShouldBe(["Not signed out. Something is not set up for it yet.", "Signed out"]);
    }

    [Fact]
    public async Task A_logout_that_nobody_goes_on_with_is_closed_after_a_while()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await wiki.OpenAsync(browser);
        wiki.Asked(await browser.WaitAsync(await browser.SignOutAsync()));
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await server
            .Service<Latchkey.Server.SingleLogout.EndedSessions>()
            .CloseAsync(TestContext.Current.CancellationToken);
        (await server.EventsAsync(wiki.Application.Id, EventTypes.SamlLogoutParticipant))
            .Single()
            .Details.ShouldContain("no_answer");
    }

    private async Task<(User, TestBrowser)> StartAsync()
    {
        var user = await server.AddUserAsync();
        return (user, await server.SignedInAsync(user));
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : PortalLogoutTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : PortalLogoutTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
