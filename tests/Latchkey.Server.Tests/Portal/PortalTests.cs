using System.Net;
using AngleSharp.Dom;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.Portal;

public abstract class PortalTests(TestIdentityProvider server)
{
    private const string Picture =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task A_user_sees_what_their_groups_grant_and_nothing_else()
    {
        var user = await server.AddUserAsync();
        var mine = await AddAsync(null, user);
        await AddAsync(null);
        (await TilesAsync(user)).ShouldBe([mine.Label]);
    }

    [Fact]
    public async Task An_inactive_application_has_no_tile()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => a.Active = false, user);
        (await TilesAsync(user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_application_granted_by_two_groups_has_one_tile()
    {
        var user = await server.AddUserAsync();
        var application = await AddAsync(null, user);
        await using (var database = server.Open())
        {
            var now = server.Clock.GetUtcNow();
            var group = new Latchkey.Server.Directory.Group
            {
                Name = "Second " + application.Slug,
                NormalizedName = "SECOND " + application.Slug,
                CreatedAt = now,
                UpdatedAt = now,
            };
            database.Add(group);
            database.Add(
                new Latchkey.Server.Directory.GroupMember
                {
                    GroupId = group.Id,
                    UserId = user.Id,
                    AddedAt = now,
                }
            );
            database.Add(
                new Latchkey.Server.Applications.ApplicationGroup
                {
                    ApplicationId = application.Id,
                    GroupId = group.Id,
                    AddedAt = now,
                }
            );
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        (await TilesAsync(user)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Without_any_application_the_page_says_so()
    {
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        (await browser.OpenAsync("/")).Text.ShouldContain("No applications yet");
    }

    [Fact]
    public async Task The_search_finds_by_name_and_by_description()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => a.Label = "Wiki", user);
        await AddAsync(
            a =>
            {
                a.Label = "Ledger";
                a.Description = "Accounts and invoices";
            },
            user
        );
        (await TilesAsync(user, "/?q=WIK")).ShouldBe(["Wiki"]);
        (await TilesAsync(user, "/?q=invoices")).ShouldBe(["Ledger"]);
        (await TilesAsync(user, "/?q=nothing")).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-17")]
    public async Task With_a_login_url_the_tile_is_a_link_to_it()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => a.LoginUrl = "https://wiki.example.test/login", user);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync("/");
        page.Document.QuerySelector("a.lk-tile")!
            .GetAttribute("href")
            .ShouldBe("https://wiki.example.test/login");
    }

    [Fact]
    [Trait("Rule", "J-45")]
    public async Task The_tile_shows_the_description() =>
        (await PageWithAsync(a => a.Description = "Everything we know")).Text.ShouldContain(
            "Everything we know"
        );

    [Fact]
    public async Task A_logo_is_served_by_us_as_a_picture()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => a.Logo = Picture, user);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync("/");
        var address = page.Document.QuerySelector("img.lk-tile-logo")!.GetAttribute("src")!;
        var logo = await browser.OpenAsync(address);
        (logo.Status, logo.Headers["Content-Type"]).ShouldBe((HttpStatusCode.OK, "image/png"));
    }

    [Fact]
    public async Task A_label_that_looks_like_markup_is_only_text()
    {
        var page = await PageWithAsync(a => a.Label = "<script>alert(1)</script>");
        page.Document.QuerySelector("main script").ShouldBeNull();
        page.Text.ShouldContain("<script>alert(1)</script>");
    }

    private async Task<TestPage> PageWithAsync(
        Action<Latchkey.Server.Applications.Application> adjust
    )
    {
        var user = await server.AddUserAsync();
        await AddAsync(adjust, user);
        return await (await server.SignedInAsync(user)).OpenAsync("/");
    }

    private Task<Latchkey.Server.Applications.Application> AddAsync(
        Action<Latchkey.Server.Applications.Application>? adjust,
        params Latchkey.Server.Directory.User[] users
    ) => server.AddApplicationAsync(new TestServiceProvider(server.Clock), adjust, users);

    private async Task<IEnumerable<string>> TilesAsync(
        Latchkey.Server.Directory.User user,
        string address = "/"
    )
    {
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(address);
        return page.Document.QuerySelectorAll(".lk-tile-name").Select(n => n.TextContent.Trim());
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : PortalTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : PortalTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
