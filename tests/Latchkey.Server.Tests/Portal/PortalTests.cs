using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Portal;

public abstract class PortalTests(TestIdentityProvider server)
{
    private const string Picture =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    [Trait("Rule", "S1-16")]
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

    [Fact]
    [Trait("Rule", "J-45")]
    [Trait("Rule", "J-02")]
    public async Task A_described_application_has_details_and_a_way_to_open_it()
    {
        var user = await server.AddUserAsync();
        var application = await AddAsync(a => a.Description = "Everything we know", user);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync("/");
        var details = page.Document.QuerySelector(".lk-tile-extras a")!.GetAttribute("href")!;
        page = await browser.OpenAsync(details);
        page.Text.ShouldContain("Everything we know");
        page.Document.QuerySelector($"form[action='/saml2/{application.Slug}'] #open")
            .ShouldNotBeNull();
    }

    [Fact]
    public async Task The_details_of_what_one_may_not_open_are_not_shown()
    {
        var application = await AddAsync(a => a.Description = "Secret plans");
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        (await browser.OpenAsync($"/apps/{application.Slug}")).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    [Trait("Rule", "J-52")]
    public async Task A_star_brings_a_tile_to_the_front_and_takes_it_back()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => a.Label = "Alpha", user);
        var zulu = await AddAsync(a => a.Label = "Zulu", user);
        var browser = await server.SignedInAsync(user);

        var page = await browser.OpenAsync("/");
        page = await browser.SubmitAsync(page, Star(page, zulu));
        Shelf(page, "favorites").ShouldBe(["Zulu"]);
        Shelf(page, "all").ShouldBe(["Alpha"]);

        page = await browser.SubmitAsync(page, Star(page, zulu));
        Shelf(page, "favorites").ShouldBeEmpty();
        Shelf(page, "all").ShouldBe(["Alpha", "Zulu"]);
    }

    [Fact]
    public async Task A_star_is_kept_for_its_user_alone_and_only_for_what_the_user_may_open()
    {
        var (one, other) = (await server.AddUserAsync(), await server.AddUserAsync());
        var application = await AddAsync(a => a.Label = "Shared", one, other);
        var foreign = await AddAsync(a => a.Label = "Foreign");
        var browser = await server.SignedInAsync(one);
        var page = await browser.OpenAsync("/");
        var form = Star(page, application);
        await browser.SubmitAsync(page, form, ("application", foreign.Id.ToString()));
        await browser.SubmitAsync(page, form);

        await using var database = server.Open();
        var stars = await database
            .PortalFavorites.Where(f => f.UserId == one.Id || f.UserId == other.Id)
            .ToListAsync(TestContext.Current.CancellationToken);
        stars
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                star => star.UserId.ShouldBe(one.Id),
                star => star.ApplicationId.ShouldBe(application.Id)
            );
    }

    [Fact]
    [Trait("Rule", "J-52")]
    public async Task Categories_narrow_the_tiles()
    {
        var user = await server.AddUserAsync();
        await AddAsync(a => (a.Label, a.Categories) = ("Ledger", ["Money"]), user);
        await AddAsync(a => (a.Label, a.Categories) = ("Trains", ["Travel", "Money"]), user);
        await AddAsync(a => (a.Label, a.Categories) = ("Planes", ["Travel"]), user);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync("/");
        page.Document.QuerySelectorAll(".lk-chips a")
            .Select(a => a.TextContent)
            .ShouldBe(["All", "Money", "Travel"]);
        (await TilesAsync(user, "/?c=Money")).ShouldBe(["Ledger", "Trains"]);
        (await TilesAsync(user, "/?c=Travel&q=plan")).ShouldBe(["Planes"]);
    }

    [Fact]
    public async Task With_many_tiles_those_used_last_come_before_the_others()
    {
        var user = await server.AddUserAsync();
        var applications = new List<Latchkey.Server.Applications.Application>();
        for (var i = 0; i < 7; i++)
        {
            var label = $"Tile {i}";
            applications.Add(await AddAsync(a => a.Label = label, user));
        }
        await using (var database = server.Open())
        {
            foreach (var (index, minute) in ((int, int)[])[(3, 1), (5, 2), (3, 3)])
            {
                database.Events.Add(
                    new Latchkey.Server.Insights.Event
                    {
                        At = server.Clock.GetUtcNow().AddMinutes(minute - 10),
                        Type = Latchkey.Server.Insights.EventTypes.SsoAuth,
                        Success = true,
                        ActorId = user.Id,
                        ApplicationId = applications[index].Id,
                    }
                );
            }
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var page = await (await server.SignedInAsync(user)).OpenAsync("/");
        Shelf(page, "recent").ShouldBe(["Tile 3", "Tile 5"]);
    }

    private static IHtmlFormElement Star(
        TestPage page,
        Latchkey.Server.Applications.Application application
    ) =>
        page
            .Document.QuerySelectorAll<IHtmlFormElement>("form[action='?handler=Star']")
            .First(form =>
                form.QuerySelector("input[name=application]")!.GetAttribute("value")
                == application.Id.ToString()
            );

    private static IEnumerable<string> Shelf(TestPage page, string key) =>
        page
            .Document.QuerySelectorAll($"section[aria-labelledby='shelf-{key}'] .lk-tile-name")
            .Select(n => n.TextContent.Trim());

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
