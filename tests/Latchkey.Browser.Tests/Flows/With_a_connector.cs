using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Flow A with a connector of the catalogue, counted as ux.md counts: four clicks, one input, one tick.</summary>
public sealed class With_a_connector(House house, Chromium chromium)
{
    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task An_application_takes_four_clicks_one_input_and_one_tick(Look look)
    {
        await using var walk = await house.SignedInAsync(chromium, "root", look);
        await walk.GoAsync("/admin");
        var link = walk.Page.Locator("nav a[href='/admin/applications']");
        if (!await link.IsVisibleAsync())
            await walk.Page.Locator(".lk-nav-toggle summary").ClickAsync();
        walk.CountFromHere();

        await walk.ClickAsync(link);
        await walk.ClickAsync(walk.Page.Locator("#add-application"));
        await walk.ExamineAsync();
        await walk.ClickAsync(walk.Page.Locator("#connector-slack"));
        await walk.ExamineAsync();
        await walk.Page.Locator("input[name='Form.Variables[domain]']").FillAsync("acme");
        await walk.Page.GetByLabel("Engineering", new() { Exact = true }).CheckAsync();
        await walk.ClickAsync(walk.Page.Locator("#save-activate"));

        walk.Clicks.ShouldBe(4);
        var certificate = walk.Page.Locator("#guide-2-2");
        await certificate.WaitForAsync();
        (await certificate.InputValueAsync()).ShouldStartWith("-----BEGIN CERTIFICATE-----");
        await walk.ExamineAsync();
        walk.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_catalogue_is_searched_while_typing()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        await walk.GoAsync("/admin/applications/catalogue");
        await walk.Page.Keyboard.TypeAsync("bitbucket");
        await Assertions
            .Expect(walk.Page.Locator("#connector-atlassian-cloud"))
            .ToContainTextAsync("Bitbucket signs in through Atlassian Cloud");
        await walk.ExamineAsync();
        walk.Findings.ShouldBeEmpty();
    }
}
