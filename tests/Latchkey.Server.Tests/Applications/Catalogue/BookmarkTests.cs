using System.Net;
using Latchkey.Server.Applications;
using Latchkey.Server.Portal;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>Bookmarks (J-53 to J-55).</summary>
public abstract class BookmarkTests(TestIdentityProvider host)
{
    [Fact]
    [Trait("Rule", "J-53")]
    [Trait("Rule", "J-54")]
    public async Task A_bookmark_stands_on_the_portal_of_its_groups()
    {
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync(null, user);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/bookmarks/new");
        browser.Type("#Form_LoginUrl", "https://lunch.example.test/menu");
        browser.Type("#Form_Label", $"Lunch {group.Name}");
        browser.Type("#Form_Color", "amber");
        browser.Tick($"#group-{group.Id:N}");
        await browser.ClickAsync("#save-activate");
        browser.Errors.ShouldBeEmpty();

        var visitor = await host.SignedInAsync(user);
        var portal = await visitor.OpenAsync("/");

        var tile = portal.Document.QuerySelector(".lk-tile")!;
        (await visitor.OpenAsync(tile.GetAttribute("href")!)).Address.ShouldBe(
            "https://lunch.example.test/menu"
        );
        tile.TextContent.ShouldContain("Bookmark");
        tile.QuerySelector(".lk-tile-letter")!.ClassName!.ShouldContain("lk-hue-2");
    }

    [Fact]
    public async Task Nobody_signs_in_by_a_bookmark_and_it_has_neither_certificate_nor_metadata()
    {
        var bookmark = await MakeAsync();
        (await host.Queries.ActiveCertificateAsync(bookmark.Id)).ShouldBeNull();
        using var stranger = host.Stranger();
        stranger.BaseAddress = new Uri(TestIdentityProvider.Origin);
        (await stranger.GetAsync($"/saml2/{bookmark.Slug}/metadata")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await stranger.GetAsync($"/saml2/{bookmark.Slug}")).StatusCode.ShouldNotBe(
            HttpStatusCode.OK
        );
    }

    [Theory]
    [InlineData("", "Enter an address")]
    [InlineData("javascript:alert(1)", "not an address of a web page")]
    [InlineData("http://lunch.example.test/", "plain http")]
    public async Task Its_address_is_one_that_a_browser_may_be_sent_to(string url, string says)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/bookmarks/new");
        browser.Type("#Form_LoginUrl", url);
        browser.Type("#Form_Label", "Lunch");
        await browser.ClickAsync("#save");
        browser.Errors.ShouldHaveSingleItem().ShouldContain(says);
    }

    [Fact]
    public async Task It_is_changed_on_its_own_page_to_which_the_list_leads()
    {
        var bookmark = await MakeAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{bookmark.Id}");
        browser.Value("#Form_LoginUrl").ShouldBe("https://lunch.example.test/");
        browser.Type("#Form_Label", "Dinner");
        await browser.ClickAsync("#save");
        (await host.AskAsync(s => s.FindAsync(bookmark.Id)))!.Label.ShouldBe("Dinner");
    }

    [Fact]
    public async Task A_logo_is_a_picture_by_its_bytes_not_by_its_name()
    {
        var bookmark = await MakeAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{bookmark.Id}/bookmark");
        browser.Choose("#Form_Picture", "logo.png", "<svg onload='x'/>"u8.ToArray());
        await browser.ClickAsync("#save");
        browser.Errors.ShouldHaveSingleItem().ShouldContain("no PNG");
    }

    [Fact]
    [Trait("Rule", "J-55")]
    public async Task A_hidden_tile_leaves_its_place_to_a_bookmark()
    {
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync(null, user);
        await host.AddAsync(
            host.Input() with
            {
                Hidden = true,
                Active = true,
                GroupIds = [group.Id],
            }
        );
        await host.AddAsync(Input() with { Active = true, GroupIds = [group.Id] });
        var tiles = await host.Service<PortalTiles>()
            .ForAsync(user.Id, TestContext.Current.CancellationToken);
        tiles.ShouldHaveSingleItem().IsBookmark.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "J-44")]
    public async Task Opened_from_the_portal_it_counts_as_used_last()
    {
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync(null, user);
        var bookmark = await host.AddAsync(Input() with { Active = true, GroupIds = [group.Id] });

        var browser = await host.SignedInAsync(user);

        await browser.OpenAsync($"/apps/{bookmark.Slug}/open");

        var ct = TestContext.Current.CancellationToken;
        (await host.Service<PortalTiles>().RecentAsync(user.Id, 4, ct)).ShouldBe([bookmark.Id]);
        (await browser.OpenAsync("/activity")).Text.ShouldContain("You opened Lunch");
    }

    [Fact]
    public async Task It_leads_nowhere_those_to_whom_it_was_not_granted()
    {
        var bookmark = await MakeAsync();
        var browser = await host.SignedInAsync(await host.AddUserAsync());

        var page = await browser.OpenAsync($"/apps/{bookmark.Slug}/open");

        page.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static ApplicationInput Input() =>
        new()
        {
            Kind = ApplicationKind.Bookmark,
            Label = "Lunch",
            LoginUrl = "https://lunch.example.test/",
        };

    private Task<Application> MakeAsync() => host.AddAsync(Input() with { Active = true });

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : BookmarkTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : BookmarkTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
