using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Somebody whose browser asks for English, and who reads German.</summary>
public sealed class In_German(House house, Chromium chromium)
{
    private static readonly string[] s_pages =
    [
        "/profile",
        "/security",
        "/security/sessions",
        "/security/browsers",
        "/activity",
    ];

    [Theory]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task A_button_below_the_sign_in_changes_the_language_up_to_the_portal(Look look)
    {
        await using var walk = await Walk.StartAsync(chromium, house.Server, look);
        await walk.Page.GotoAsync("/sign-in");
        await walk.PressAsync(walk.Page.Locator("#language-de"));
        await Assertions.Expect(walk.Page.Locator("h1")).ToHaveTextAsync("Anmelden");
        await walk.ExamineAsync();

        await walk.SignInAsync("ada", House.Password);
        await Assertions.Expect(walk.Page.Locator("h1")).ToContainTextAsync("Guten Tag");
        await Assertions.Expect(walk.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await walk.ExamineAsync();
        foreach (var path in s_pages)
        {
            await walk.GoAsync(path);
        }
        walk.Findings.ShouldBeEmpty();
    }
}
