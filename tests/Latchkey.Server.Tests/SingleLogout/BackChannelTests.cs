using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.Tests.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>Service providers that offer SOAP are told without the user's browser.</summary>
public abstract class BackChannelTests(LocalIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_the_portals_sign_out_it_is_told_before_the_page_comes()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        var session = await docs.Party.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        page.States().ShouldBe(["Signed out"]);
        var request = docs.Requests.ShouldHaveSingleItem();
        (request.NameId, request.Reason).ShouldBe((session.NameId!, LogoutReasons.User));
        request.SessionIndexes.ShouldBe([session.SessionIndex!]);
    }

    [Fact]
    public async Task A_logout_asked_for_by_soap_reaches_the_others_by_soap()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        using var front = await new LogoutParty(server).AddAsync(user);
        using var wiki = await new LogoutParty(server).AddAsync(user);
        await docs.Party.OpenAsync(browser);
        await front.OpenAsync(browser);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var (_, body) = await RequestedLogoutTests.SoapAsync(
            server.Stranger(),
            wiki,
            Saml.Messages.MessageWriter.ToSoap(request, wiki.Key)
        );
        docs.Requests.ShouldHaveSingleItem();
        // Who needs a browser is not reached, and that is said.
        wiki.Accept(Saml.Messages.IncomingMessage.FromSoap(body), request)
            .Status.IsPartialLogout.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_is_dead_for_soap_is_asked_by_the_browser()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: true, user);
        docs.Behaviour = (http, _) => Status(http, 502);
        await docs.Party.OpenAsync(browser);
        var page = await browser.WaitAsync(await browser.SignOutAsync());
        page = await docs.Party.ReplyAsync(browser, docs.Party.Asked(page));
        page.States().ShouldBe(["Signed out"]);
    }

    [Fact]
    public async Task One_that_is_slow_keeps_nobody_waiting_for_longer_than_its_time()
    {
        var (user, browser) = await StartAsync();
        await using var slow = await SoapParty.StartAsync(server, front: false, user);
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        slow.Behaviour = async (http, _) =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return null;
        };
        await slow.Party.OpenAsync(browser);
        await docs.Party.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        page.States()
            .ShouldBe(["Signed out", "Not reached yet. It will be tried again without you."]);
    }

    [Fact]
    public async Task One_that_refuses_is_not_asked_again()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        docs.Behaviour = (_, _) =>
            Task.FromResult<SamlStatus?>(new(StatusCodes.Requester, StatusCodes.UnknownPrincipal));
        await docs.Party.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        page.States().ShouldBe(["Not signed out. It said that it did not sign you out."]);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_session_that_an_administrator_ends_is_told_of()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        await server.AskAsync<UserSurroundings, bool>(async s =>
        {
            await s.EndSessionsAsync(user.Id, null, Ct);
            return true;
        });
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem().Reason.ShouldBe(LogoutReasons.Admin);
        (await server.EventsAsync(docs.Party.Application.Id, EventTypes.SamlLogoutParticipant))
            .ShouldHaveSingleItem()
            .Success.ShouldBeTrue();
    }

    [Fact]
    public async Task The_sessions_of_a_suspended_user_are_told_of()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        await server.AskAsync<UserStates, object>(async states =>
            await states.ChangeAsync(user.Id, UserState.Suspended, null, Ct)
        );
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_sessions_of_a_deleted_user_are_told_of()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        await server.AskAsync<UserService, object>(async users =>
            await users.DeleteAsync(user.Id, Ct)
        );
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_session_that_the_user_ends_from_another_browser_is_told_of_and_no_other()
    {
        var (user, browser) = await StartAsync();
        var here = await server.SignedInAsync(user);
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        var there = await docs.Party.OpenAsync(browser);
        await docs.Party.OpenAsync(here);
        await using (var database = server.Open())
        {
            var id = await database
                .SessionParticipants.Where(p => p.SessionIndex == there.SessionIndex)
                .Select(p => p.SessionId)
                .SingleAsync(Ct);
            (await server.EndSessionsAsync(user, id)).ShouldBe(1);
        }
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem().SessionIndexes.ShouldBe([there.SessionIndex!]);
    }

    [Fact]
    [Trait("Rule", "S1-28")]
    public async Task A_session_that_runs_out_is_nobodys_wish()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        server.Clock.Advance(TimeSpan.FromHours(13));
        await RoundAsync();
        docs.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3)] // without use
    [InlineData(13)] // in all
    [Trait("Rule", "S1-28")]
    public async Task A_new_password_tells_nobody_of_a_session_that_had_run_out(int hours)
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        server.Clock.Advance(TimeSpan.FromHours(hours));
        await server.AskAsync<UserPasswords, object>(async passwords =>
            await passwords.SetAsync(user.Id, null, cancellationToken: Ct)
        );
        await RoundAsync();
        docs.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suspension_reaches_what_was_opened_in_a_session_that_had_run_out()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        server.Clock.Advance(TimeSpan.FromHours(13));
        await server.AskAsync<UserStates, object>(async states =>
            await states.ChangeAsync(user.Id, UserState.Suspended, null, Ct)
        );
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_deletion_reaches_what_was_opened_in_a_session_that_had_run_out()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        server.Clock.Advance(TimeSpan.FromHours(13));
        await server.AskAsync<UserService, object>(async users =>
            await users.DeleteAsync(user.Id, Ct)
        );
        await RoundAsync();
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_whose_answer_cannot_be_asked_for_with_our_key_keeps_no_other_waiting()
    {
        var (user, browser) = await StartAsync();
        await using var broken = await SoapParty.StartAsync(server, front: false, user);
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await broken.Party.OpenAsync(browser);
        await docs.Party.OpenAsync(browser);
        await server.BreakKeyAsync(broken.Party.Application);
        var page = await browser.SignOutAsync();
        page.States()
            .ShouldBe(
                ["Signed out", "Not signed out. Something is not set up for it yet."],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task One_that_cannot_be_reached_is_tried_again_and_then_given_up()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        docs.Behaviour = (http, _) => Status(http, 503);
        await docs.Party.OpenAsync(browser);
        await server.EndSessionsAsync(user);
        await RoundAsync();
        foreach (var pause in BackChannelRounds.Pauses)
        {
            await RoundAsync();
            server.Clock.Advance(pause);
            await RoundAsync();
        }
        docs.Requests.Count.ShouldBe(BackChannelRounds.Pauses.Count + 1);
        server.Clock.Advance(TimeSpan.FromHours(2));
        await RoundAsync();
        docs.Requests.Count.ShouldBe(BackChannelRounds.Pauses.Count + 1);
    }

    [Fact]
    public async Task Two_nodes_tell_of_a_session_once()
    {
        var (user, browser) = await StartAsync();
        await using var docs = await SoapParty.StartAsync(server, front: false, user);
        await docs.Party.OpenAsync(browser);
        await server.EndSessionsAsync(user);
        await Task.WhenAll(RoundAsync(), RoundAsync(), RoundAsync());
        docs.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    [Trait("Rule", "M1")]
    public async Task An_address_in_our_own_network_is_not_connected_to()
    {
        var (user, browser) = await StartAsync();
        using var inside = await new LogoutParty(
            server,
            new Saml.Metadata.Endpoint(SamlBindings.Soap, "https://10.0.0.1/slo")
        ).AddAsync([], user);
        await inside.OpenAsync(browser);
        var page = await browser.SignOutAsync();
        page.States().ShouldBe(["Not reached yet. It will be tried again without you."]);
        (await server.EventsAsync(inside.Application.Id, EventTypes.SamlLogoutParticipant))
            .ShouldHaveSingleItem()
            .Details.ShouldContain("unreachable");
    }

    private static Task<SamlStatus?> Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.FromResult<SamlStatus?>(null);
    }

    private async Task RoundAsync()
    {
        await server.Service<EndedSessions>().NoticeAsync(Ct);
        await server.Service<BackChannelRounds>().DueAsync(Ct);
    }

    private async Task<(User, TestBrowser)> StartAsync()
    {
        var user = await server.AddUserAsync();
        return (user, await server.SignedInAsync(user));
    }

    public sealed class OnSqlite(LocalSqliteIdentityProvider server)
        : BackChannelTests(server),
            IClassFixture<LocalSqliteIdentityProvider>;

    public sealed class OnPostgreSql(LocalPostgreSqlIdentityProvider server)
        : BackChannelTests(server),
            IClassFixture<LocalPostgreSqlIdentityProvider>;
}
