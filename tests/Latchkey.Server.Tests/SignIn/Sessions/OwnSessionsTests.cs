using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Sessions;

/// <summary>Users end each of their sessions and forget each of their browsers, and what ends is told once with its reason.</summary>
public abstract class OwnSessionsTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SessionService Sessions => server.Service<SessionService>();

    private Task<NewSession> StartAsync(User user) =>
        Sessions.StartAsync(user, AuthnMethods.Password, "192.0.2.9", "Firefox/1 Linux", Ct);

    [Fact]
    public async Task The_oldest_of_many_sessions_can_be_ended_alone()
    {
        var user = await server.AddUserAsync();
        var oldest = await StartAsync(user);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 30; i++)
            await StartAsync(user);
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/security");
        browser.Page.QuerySelector($"#end-{oldest.Session.Id}").ShouldBeNull();

        await browser.ClickAsync("#all-sessions");
        await browser.ClickAsync("#pager-next");
        await browser.ClickAsync($"#end-{oldest.Session.Id}");

        (await Sessions.FindAsync(oldest.Secret, Ct)).ShouldBeNull();
        (await server.Service<SessionList>().OfAsync(user.Id, Ct)).Count.ShouldBe(31);
        browser.Address.ShouldBe("/security/sessions");
    }

    [Fact]
    public async Task This_browser_stands_first_though_others_were_used_later()
    {
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 12; i++)
            await StartAsync(user);
        await browser.OpenAsync("/security");
        browser.Text("tbody tr:first-child").ShouldContain("This browser");
    }

    [Fact]
    public async Task The_oldest_of_many_browsers_can_be_forgotten_and_that_is_told()
    {
        var user = await server.AddUserAsync();
        var oldest = await KnowAsync(user, 40);
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/security");
        await browser.ClickAsync("#all-browsers");
        await browser.ClickAsync("#pager-next");
        await browser.ClickAsync($"#forget-{oldest}");

        await using var db = server.Open();
        (await db.KnownBrowsers.AnyAsync(b => b.Id == oldest, Ct)).ShouldBeFalse();
        var told = (await server.EventsAboutAsync(user)).Single(e =>
            e.Type == EventTypes.KnownBrowserDelete
        );
        told.ActorId.ShouldBe(user.Id);
        EventDetails
            .Read(told.Details)
            .Changes.ShouldContain(new FieldChange("client_ip", "192.0.2.40", null));
    }

    [Fact]
    public async Task Sessions_that_a_new_password_ends_are_one_event_with_their_number()
    {
        var user = await server.AddUserAsync();
        await StartAsync(user);
        await StartAsync(user);
        await server.AskAsync<UserPasswords, object>(async passwords =>
            await passwords.SetAsync(user.Id, null, cancellationToken: Ct)
        );
        (await EndedAsync(user)).ShouldBe(("2", SessionEndReasons.PasswordChanged));
    }

    [Fact]
    public async Task Sessions_that_a_suspension_ends_are_one_event_with_their_number()
    {
        var user = await server.AddUserAsync();
        await StartAsync(user);
        await StartAsync(user);
        await server.AskAsync<UserStates, object>(async states =>
            await states.ChangeAsync(user.Id, UserState.Suspended, null, Ct)
        );
        (await EndedAsync(user)).ShouldBe(("2", SessionEndReasons.StateChanged));
    }

    [Fact]
    public async Task A_suspension_of_somebody_who_is_signed_in_nowhere_ends_nothing()
    {
        var user = await server.AddUserAsync();
        await StartAsync(user);
        server.Clock.Advance(TimeSpan.FromHours(13));
        await server.AskAsync<UserStates, object>(async states =>
            await states.ChangeAsync(user.Id, UserState.Suspended, null, Ct)
        );
        (await server.EventsAboutAsync(user)).ShouldNotContain(e =>
            e.Type == EventTypes.SessionEnd
        );
    }

    [Fact]
    public async Task A_session_that_somebody_else_takes_over_the_browser_of_is_told_to_have_ended()
    {
        var (first, second) = (await server.AddUserAsync(), await server.AddUserAsync());
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, second);
        var browser = await server.SignedInAsync(first);
        var request = sp.Request(r => r with { ForceAuthn = true });
        await browser.SubmitAsync(
            await browser.OpenAsync(sp.Redirect(request), "cross-site"),
            ("username", second.Username),
            ("password", TestIdentityProvider.Password)
        );
        (await EndedAsync(first)).ShouldBe(("1", SessionEndReasons.OtherUser));
    }

    private async Task<(string?, string?)> EndedAsync(User user)
    {
        var told = (await server.EventsAboutAsync(user)).Single(e =>
            e.Type == EventTypes.SessionEnd
        );
        var facts = EventDetails.Read(told.Details).Others.ToDictionary();
        return (facts.GetValueOrDefault("sessions"), facts.GetValueOrDefault("reason"));
    }

    /// <summary>Makes browsers known, each used a minute after the one before.</summary>
    /// <returns>The one used longest ago.</returns>
    private async Task<Guid> KnowAsync(User user, int number)
    {
        var now = server.Clock.GetUtcNow();
        await using var db = server.Open();
        var known = Enumerable
            .Range(1, number)
            .Select(i => new KnownBrowser
            {
                UserId = user.Id,
                TokenHash = SessionService.HashOf(SessionService.NewSecret())!,
                CreatedAt = now.AddDays(-1),
                LastSeenAt = now.AddMinutes(-i),
                ClientIp = $"192.0.2.{i}",
            })
            .ToList();
        db.KnownBrowsers.AddRange(known);
        await db.SaveChangesAsync(Ct);
        return known[^1].Id;
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : OwnSessionsTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : OwnSessionsTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
