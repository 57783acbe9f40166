using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Flow C, counted as ux.md counts: three clicks across the overlap.</summary>
public sealed class With_a_new_certificate(House house, Chromium chromium)
{
    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task A_rotation_takes_three_clicks(Look look)
    {
        await using var walk = await house.SignedInAsync(chromium, "root", look);
        await walk.GoAsync("/admin/certificates?q=wiki");
        walk.CountFromHere();

        await walk.ClickAsync(walk.Page.Locator("#start-wiki"));
        await Assertions.Expect(walk.Page.Locator("#send-wiki")).ToBeVisibleAsync();
        await walk.ExamineAsync();
        await walk.ClickAsync(walk.Page.Locator("#switch-wiki"));
        await Assertions.Expect(walk.Page.Locator("#undo-wiki")).ToBeVisibleAsync();
        await walk.ExamineAsync();
        await walk.ClickAsync(walk.Page.Locator("#retire-wiki"));
        await Assertions.Expect(walk.Page.Locator("#retire-wiki")).ToHaveCountAsync(0);

        walk.Clicks.ShouldBe(3);
        await Assertions.Expect(walk.Page.Locator("#start-wiki")).ToBeVisibleAsync();
        walk.Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task In_the_middle_of_a_rotation_every_page_of_it_is_in_order(Look look)
    {
        await using var walk = await house.SignedInAsync(chromium, "root", look);
        await walk.GoAsync("/admin/certificates?q=wiki");
        await walk.Page.Locator("#start-wiki").ClickAsync();
        await walk.Page.Locator("#send-wiki").ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#new-certificate")).ToBeVisibleAsync();
        await walk.ExamineAsync();
        await walk.Page.Locator(".lk-back").ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#switch")).ToBeVisibleAsync();
        await walk.ExamineAsync();

        await walk.Page.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();

        await Assertions.Expect(walk.Page.Locator("#start-rotation")).ToBeVisibleAsync();
        await walk.ExamineAsync();
        walk.Findings.ShouldBeEmpty();
    }
}
