using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>A portal of some size: what is wanted is found by star, category, search, and by having been used (J-44, J-45).</summary>
public sealed class With_many_tiles(House house, Chromium chromium)
{
    [Theory]
    [InlineData(Look.Phone, "trains")]
    [InlineData(Look.WithoutScripts, "hotels")]
    public async Task A_tile_is_starred_narrowed_to_searched_for_and_found_again_after_use(
        Look look,
        string wanted
    )
    {
        await using var walk = await house.SignedInAsync(chromium, "ada", look);
        await walk.Visit.Context.RouteAsync(
            $"https://{wanted}.example.test/",
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>there" })
        );
        await walk.Page.Locator("#star-all-lunch").ClickAsync();
        await Assertions
            .Expect(walk.Page.Locator("section[aria-labelledby=shelf-favorites] .lk-tile"))
            .ToContainTextAsync("Lunch");
        await walk.ExamineAsync();

        await walk
            .Page.GetByRole(AriaRole.Link, new() { Name = "Travel", Exact = true })
            .ClickAsync();
        await Assertions.Expect(walk.Page.Locator(".lk-tile")).ToHaveCountAsync(3);
        await walk.Page.Locator("#category-all").ClickAsync();

        var search = walk.Page.Locator("#tiles-search");
        await search.FillAsync(wanted);
        await search.PressAsync("Enter");
        await Assertions.Expect(walk.Page.Locator(".lk-tile")).ToHaveCountAsync(1);
        await walk.ExamineAsync();
        await walk.Page.Locator(".lk-tile").ClickAsync();
        await walk.Page.WaitForURLAsync($"https://{wanted}.example.test/");

        await walk.Page.GotoAsync("/");
        await Assertions.Expect(walk.Page.Locator($"#tile-recent-{wanted}")).ToBeVisibleAsync();
        await walk.Page.Locator($"#details-recent-{wanted}").ClickAsync();
        await walk.Page.Locator("#open").WaitForAsync();
        await walk.ExamineAsync();

        await walk.Page.GotoAsync("/");
        await walk.Page.Locator("#star-favorites-lunch").ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#star-favorites-lunch")).ToHaveCountAsync(0);
        walk.Findings.ShouldBeEmpty();
    }
}
