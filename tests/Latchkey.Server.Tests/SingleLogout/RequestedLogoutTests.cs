using System.Net;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>A service provider asks for a logout.</summary>
public abstract class RequestedLogoutTests(TestIdentityProvider server)
{
    [Fact]
    [Trait("Rule", "S1-32")]
    public async Task A_request_by_redirect_ends_the_portal_session_and_is_answered_at_the_response_location()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var page = await wiki.RedirectAsync(browser, request, "state & more");
        wiki.Answer(page, request).Status.ShouldBe(SamlStatus.Success);
        page.Address.ShouldContain("RelayState=state");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
        (await server.OpenSessionsAsync(user)).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_by_post_is_answered_by_post()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync([SamlBindings.Post], user);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var page = await browser.PostAsync(
            wiki.Address,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["SAMLRequest"] = MessageWriter.ToFormValue(request, wiki.Key),
                ["RelayState"] = "a b+c",
            },
            "cross-site"
        );
        wiki.Posted(page, request).Status.ShouldBe(SamlStatus.Success);
        page.Field("RelayState").ShouldBe("a b+c");
        (await server.OpenSessionsAsync(user)).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_by_soap_is_answered_in_the_same_connection()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var (status, body) = await SoapAsync(wiki, request);
        status.ShouldBe(HttpStatusCode.OK);
        wiki.Accept(IncomingMessage.FromSoap(body), request).Status.ShouldBe(SamlStatus.Success);
        (await browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task The_other_participants_are_asked_in_turn_by_the_identifiers_they_were_given()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var mail = await new LogoutParty(server).AddAsync([SamlBindings.Post], user);
        using var chat = await new LogoutParty(server).AddAsync(user);
        await server.ChangeAsync(chat.Application, a => a.NameIdFormat = NameIdFormats.Persistent);
        var inMail = await mail.OpenAsync(browser);
        var inChat = await chat.OpenAsync(browser);
        var request = wiki.Request(await wiki.OpenAsync(browser));

        var page = await wiki.RedirectAsync(browser, request);
        (await server.OpenSessionsAsync(user)).ShouldBe(0);
        // The one opened last comes first.
        page = await browser.WaitAsync(page);
        var asked = chat.Asked(page);
        asked.Message.NameId.ShouldBe(inChat.NameId);
        asked.Message.NameId.SpNameQualifier.ShouldBe(chat.Sp.EntityId);
        asked.Message.SessionIndexes.ShouldBe([inChat.SessionIndex!]);
        page = await chat.ReplyAsync(browser, asked);
        page = await browser.WaitAsync(page);
        asked = mail.Asked(page);
        asked.Message.SessionIndexes.ShouldBe([inMail.SessionIndex!]);
        page = await mail.ReplyAsync(browser, asked);
        page = await browser.WaitAsync(page);
        wiki.Answer(page, request).Status.ShouldBe(SamlStatus.Success);
        var finished = (await server.EventsAsync(await CodeAsync(wiki))).Single(e =>
            e.Type == EventTypes.SamlLogoutFinished
        );
        finished.Success.ShouldBeTrue();
    }

    [Fact]
    public async Task A_participant_that_offers_no_logout_makes_it_partial()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var old = await new LogoutParty(server).AddAsync([], user);
        await old.OpenAsync(browser);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var status = wiki.Answer(await wiki.RedirectAsync(browser, request), request).Status;
        (status.Code, status.SubCode).ShouldBe((StatusCodes.Success, StatusCodes.PartialLogout));
    }

    [Fact]
    public async Task A_silent_participant_is_skipped_by_the_user_and_the_logout_is_partial()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var dead = await new LogoutParty(server).AddAsync(user);
        await dead.OpenAsync(browser);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var page = await wiki.RedirectAsync(browser, request);
        var here = page.Address;
        dead.Asked(await browser.WaitAsync(page));
        // Back on our page, the user presses "Go on without it".
        page = await browser.OpenAsync(here, "same-origin");
        page = await browser.SubmitAsync(page);
        page = await browser.WaitAsync(page);
        wiki.Answer(page, request).Status.IsPartialLogout.ShouldBeTrue();
        (await server.EventsAsync(dead.Application.Id, EventTypes.SamlLogoutParticipant))
            .Single()
            .Details.ShouldContain("\"failure\":\"no_answer\"");
    }

    [Fact]
    public async Task A_silent_participant_has_its_time_and_then_the_others_come()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var dead = await new LogoutParty(server).AddAsync(user);
        await dead.OpenAsync(browser);
        var request = wiki.Request(await wiki.OpenAsync(browser));
        var page = await wiki.RedirectAsync(browser, request);
        var here = page.Address;
        dead.Asked(await browser.WaitAsync(page));
        page = await browser.OpenAsync(here, "same-origin");
        page.Text.ShouldContain("has not answered yet");
        server.Clock.Advance(Latchkey.Server.SingleLogout.Logouts.FrontTimeout);
        page = await browser.WaitAsync(page);
        page = await browser.WaitAsync(page);
        wiki.Answer(page, request).Status.IsPartialLogout.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_session_index_every_session_of_that_user_ends_and_nobody_elses()
    {
        var (user, first) = await StartAsync();
        var second = await server.SignedInAsync(user);
        var other = await server.AddUserAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user, other);
        var others = await server.SignedInAsync(other);
        await wiki.OpenAsync(others);
        await wiki.OpenAsync(first);
        var session = await wiki.OpenAsync(second);
        var request = wiki.Request(session, r => r with { SessionIndexes = [] });
        wiki.Answer(await wiki.RedirectAsync(second, request), request)
            .Status.Succeeded.ShouldBeTrue();
        (await first.IsSignedInAsync()).ShouldBeFalse();
        (await second.IsSignedInAsync()).ShouldBeFalse();
        (await others.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_that_is_over_already_is_answered_with_success()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        var session = await wiki.OpenAsync(browser);
        var first = wiki.Request(session);
        wiki.Answer(await wiki.RedirectAsync(browser, first), first);
        var again = wiki.Request(session);
        wiki.Answer(await wiki.RedirectAsync(browser, again), again)
            .Status.ShouldBe(SamlStatus.Success);
    }

    [Fact]
    public async Task Whoever_waits_for_no_answer_leads_to_the_page_that_says_it_is_over()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync(user);
        var request = wiki.Request(
            await wiki.OpenAsync(browser),
            r => r with { Asynchronous = true }
        );
        var page = await wiki.RedirectAsync(browser, request);
        page.Title.ShouldBe("You are signed out");
        page.Headers.Keys.ShouldNotContain("Refresh");
    }

    [Fact]
    public async Task Without_an_address_for_answers_it_ends_at_our_page()
    {
        var (user, browser) = await StartAsync();
        using var wiki = await new LogoutParty(server).AddAsync([], user);
        var page = await wiki.RedirectAsync(browser, wiki.Request(await wiki.OpenAsync(browser)));
        page.Title.ShouldBe("You are signed out");
    }

    private async Task<(User, TestBrowser)> StartAsync()
    {
        var user = await server.AddUserAsync();
        return (user, await server.SignedInAsync(user));
    }

    private async Task<string> CodeAsync(LogoutParty party) =>
        (await server.EventsAsync(party.Application.Id, EventTypes.SamlLogoutRequestReceived))[
            0
        ].ReferenceCode!;

    internal static async Task<(HttpStatusCode, byte[])> SoapAsync(
        HttpClient client,
        LogoutParty party,
        byte[] envelope
    )
    {
        using var content = new ByteArrayContent(envelope);
        content.Headers.ContentType = new("text/xml");
        using var answer = await client.PostAsync(new Uri(party.Address), content);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private Task<(HttpStatusCode, byte[])> SoapAsync(LogoutParty party, LogoutRequest request) =>
        SoapAsync(server.Stranger(), party, MessageWriter.ToSoap(request, party.Key));

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : RequestedLogoutTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : RequestedLogoutTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
