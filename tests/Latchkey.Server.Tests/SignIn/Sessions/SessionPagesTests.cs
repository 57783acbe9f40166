using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.SignIn.Sessions;

/// <summary>Who is signed in where, for administrators.</summary>
public abstract class SessionPagesTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SessionService Sessions => server.Service<SessionService>();

    private Task<NewSession> StartAsync(User user, string address = "192.0.2.77") =>
        Sessions.StartAsync(user, AuthnMethods.Password, address, "Firefox/1 Linux", Ct);

    private async Task<Guid[]> FoundAsync(string search) =>
        [
            .. (
                await server
                    .Service<SessionList>()
                    .ListAsync(new(search), null, SessionList.PageSize, Ct)
            ).Rows.Select(r => r.Session.Id),
        ];

    [Fact]
    public async Task A_session_is_found_by_user_address_and_application()
    {
        var user = await server.AddUserAsync();
        var sp = new TestServiceProvider(server.Clock);
        var application = await server.AddApplicationAsync(sp, null, user);
        var browser = new TestBrowser(server.Handler()) { Address = "203.0.113.200" };
        var request = sp.Request();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
        sp.Accept(page, request);

        var byUser = (await FoundAsync(user.Username.ToUpperInvariant())).ShouldHaveSingleItem();
        (await FoundAsync("203.0.113.200")).ShouldBe([byUser]);
        (await FoundAsync(application.Label)).ShouldBe([byUser]);
        var row = (await server.Service<SessionList>().OfAsync(user.Id, Ct)).ShouldHaveSingleItem();
        row.Opened.ShouldBe([application.Label]);
    }

    [Fact]
    public async Task What_does_not_count_any_more_is_not_listed()
    {
        var user = await server.AddUserAsync();
        var ended = await StartAsync(user);
        await server.EndSessionsAsync(user, ended.Session.Id);
        (await FoundAsync(user.Username)).ShouldBeEmpty();
        await StartAsync(user);
        await server.ChangeAsync(user, u => u.State = UserState.Suspended);
        (await FoundAsync(user.Username)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_of_the_list_hold_each_session_once()
    {
        var user = await server.AddUserAsync();
        var all = new List<Guid>();
        for (var i = 0; i < 10; i++)
            all.Add((await StartAsync(user)).Session.Id);
        var list = server.Service<SessionList>();
        var first = await list.ListAsync(new(user.Username), null, 7, Ct);
        var second = await list.ListAsync(new(user.Username), Guid.Parse(first.Next!), 7, Ct);
        second.Next.ShouldBeNull();
        first.Rows.Concat(second.Rows).Select(r => r.Session.Id).ShouldBe(all, ignoreOrder: true);
    }

    [Fact]
    public async Task An_administrator_ends_one_session_and_all_of_a_user()
    {
        var user = await server.AddUserAsync();
        var (first, second, third) = (
            await StartAsync(user),
            await StartAsync(user),
            await StartAsync(user)
        );
        var admin = await server.BrowserAsync();
        await admin.OpenAsync($"/admin/sessions?q={user.Username}");
        await admin.ClickAsync($"#end-{first.Session.Id}");
        (await Sessions.FindAsync(first.Secret, Ct)).ShouldBeNull();
        (await Sessions.FindAsync(second.Secret, Ct)).ShouldNotBeNull();
        await admin.ClickAsync($"#end-all-{second.Session.Id}");
        (await Sessions.FindAsync(second.Secret, Ct)).ShouldBeNull();
        (await Sessions.FindAsync(third.Secret, Ct)).ShouldBeNull();
        (await server.EventsAboutAsync(user))
            .Count(e => e.Type == EventTypes.SessionEnd)
            .ShouldBe(2);
    }

    [Theory]
    [InlineData(3)] // without use
    [InlineData(13)] // in all
    public async Task Ending_all_counts_those_that_still_counted(int hours)
    {
        var user = await server.AddUserAsync();
        await StartAsync(user);
        await StartAsync(user);
        server.Clock.Advance(TimeSpan.FromHours(hours));
        await StartAsync(user);
        (await server.EndSessionsAsync(user)).ShouldBe(1);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SessionPagesTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SessionPagesTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
