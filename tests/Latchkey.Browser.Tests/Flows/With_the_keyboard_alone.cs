using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>No mouse: everything is reached by Tab, and what has the focus can be seen.</summary>
public sealed class With_the_keyboard_alone(House house, Chromium chromium)
{
    [Fact]
    public async Task An_administrator_signs_in_and_creates_a_group()
    {
        await using var walk = await Walk.StartAsync(chromium, house.Server, Look.Light);
        var keys = walk.Page.Keyboard;

        // The user name has the focus already.
        await walk.Page.GotoAsync("/sign-in");
        await Assertions.Expect(walk.Page.Locator("input[name=username]")).ToBeFocusedAsync();
        await keys.TypeAsync("root");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(House.Password);
        await keys.PressAsync("Enter");
        await walk.Page.WaitForURLAsync(house.Server.At("/"));

        await walk.Page.GotoAsync("/admin");
        await TabToAsync(walk, "nav a[href='/admin/groups']");
        await keys.PressAsync("Enter");
        await walk.Page.WaitForURLAsync("**/admin/groups");
        await TabToAsync(walk, "main a[href='/admin/groups/new']");
        await keys.PressAsync("Enter");
        await walk.Page.WaitForURLAsync("**/admin/groups/new");
        await TabToAsync(walk, "main input[name$='Name']");
        await keys.TypeAsync("Typists");
        await keys.PressAsync("Enter");
        await Assertions.Expect(walk.Page.Locator("#toasts .lk-toast")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_first_tab_offers_to_skip_the_navigation()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        await walk.Page.GotoAsync("/admin");
        await walk.Page.Keyboard.PressAsync("Tab");
        var link = walk.Page.Locator("a.lk-skip");
        await Assertions.Expect(link).ToBeFocusedAsync();
        await Assertions.Expect(link).ToBeInViewportAsync();
        await walk.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(walk.Page.Locator("main#content")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_slash_goes_to_the_search()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        await walk.Page.GotoAsync("/admin");
        await walk.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(walk.Page.Locator("#search")).ToBeFocusedAsync();
    }

    private static async Task TabToAsync(Walk walk, string selector)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            await walk.Page.Keyboard.PressAsync("Tab");
            if (
                await walk.Page.EvaluateAsync<bool>(
                    "selector => document.activeElement.matches(selector)",
                    selector
                )
            )
            {
                // Visible focus: something is drawn around it.
                (
                    await walk.Page.EvaluateAsync<bool>(
                        "() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
                    )
                ).ShouldBeTrue($"{selector} has the focus but does not show it");
                return;
            }
        }
        throw new InvalidOperationException($"Tab never reached {selector} on {walk.Page.Url}");
    }
}
