using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Somebody calls: the help desk helps with what it may and sees no more, and the record tells of it (J-113, J-121).</summary>
public sealed class With_the_help_desk(House house, Chromium chromium)
{
    [Fact]
    public async Task It_sends_a_link_finds_that_in_the_record_and_the_owner_takes_the_record_along()
    {
        await using var hedy = await house.SignedInAsync(chromium, "hedy", Look.Phone);
        await hedy.GoAsync("/admin");
        await hedy.GoAsync("/admin/users?q=bob");
        await hedy
            .Page.Locator("main table")
            .GetByRole(AriaRole.Link, new() { Name = "bob" })
            .ClickAsync();
        await hedy.Page.Locator("#send-reset").ClickAsync();
        await Assertions.Expect(hedy.Page.Locator("#toasts .lk-toast")).ToHaveCountAsync(1);
        await hedy.ExamineAsync();
        await hedy.GoAsync("/admin/applications");
        await Assertions
            .Expect(hedy.Page.Locator("h1"))
            .ToHaveTextAsync("This page is not open to you");

        await hedy.Page.GotoAsync("/admin/events");
        await hedy.Page.Locator("#list-search").FillAsync("bob");
        await hedy
            .Page.Locator("select[name=type]")
            .SelectOptionAsync("user_password_reset_request");
        await Assertions.Expect(hedy.Page.Locator("#list tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(hedy.Page.Locator("#list tbody tr")).ToContainTextAsync("hedy");
        await Assertions.Expect(hedy.Page.Locator("#export-csv")).ToHaveCountAsync(0);
        await hedy.ExamineAsync();

        // Everything at once goes out of the house with those only who may read everything.
        await using var root = await house.SignedInAsync(chromium, "root", Look.WithoutScripts);
        await root.Page.GotoAsync("/admin/events?type=user_password_reset_request");
        var file = await root.Page.RunAndWaitForDownloadAsync(() =>
            root.Page.Locator("#export-csv").ClickAsync()
        );
        (await File.ReadAllTextAsync(await file.PathAsync())).ShouldContain("hedy");
        hedy.Findings.Concat(root.Findings).ShouldBeEmpty();
    }
}
