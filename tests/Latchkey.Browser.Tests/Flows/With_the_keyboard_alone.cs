using Latchkey.Testing;
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
        // Administrators are asked for a second step, which can wait some days.
        await walk.Page.WaitForURLAsync("**/sign-in?s=*");
        await TabToAsync(walk, "#later");
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

    [Theory]
    [InlineData(Look.Light, "kim")]
    [InlineData(Look.WithoutScripts, "lou")]
    [Trait("Rule", "J-44")]
    public async Task A_user_goes_through_the_whole_portal(Look look, string user)
    {
        await using var elsewhere = await house.SignedInAsync(chromium, user, look);
        await using var walk = await Walk.StartAsync(chromium, house.Server, look);
        var (page, keys) = (walk.Page, walk.Page.Keyboard);

        await page.GotoAsync("/sign-in");
        await Assertions.Expect(page.Locator("input[name=username]")).ToBeFocusedAsync();
        await keys.TypeAsync(user);
        await keys.PressAsync("Tab");
        await keys.TypeAsync(House.Password);
        await LeadsToAsync(walk, "Enter", "/");
        await TabToAsync(walk, "a.lk-skip");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("main#content")).ToBeFocusedAsync();

        // From there the next is in the page itself: a star, a tile's details, the search.
        await TabToAsync(walk, "main #star-all-lunch");
        await keys.PressAsync("Space");
        await page.Locator("#star-favorites-lunch").WaitForAsync();
        await TabToAsync(walk, "#details-favorites-lunch");
        await LeadsToAsync(walk, "Enter", "/apps/lunch");
        await TabToAsync(walk, "main a[href='/']");
        await LeadsToAsync(walk, "Enter", "/");
        await TabToAsync(walk, "#tiles-search");
        await keys.TypeAsync("trains");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".lk-tile")).ToHaveCountAsync(1);

        await TabToAsync(walk, "nav a[href='/security']");
        await LeadsToAsync(walk, "Enter", "/security");
        await TabToAsync(walk, "[id^=end-]:not(#end-others)");
        await LeadsToAsync(walk, "Enter", "/security");
        await Assertions.Expect(page.Locator("[id^=end-]")).ToHaveCountAsync(0);
        await elsewhere.Page.GotoAsync("/profile");
        elsewhere.Page.Url.ShouldContain("/sign-in");

        await TabToAsync(walk, "#change-password");
        await LeadsToAsync(walk, "Enter", "/security/password");
        await TabToAsync(walk, "#current");
        await keys.TypeAsync(House.Password);
        await keys.PressAsync("Tab");
        await keys.TypeAsync("another horse, another staple");
        await LeadsToAsync(walk, "Enter", "/security");

        await TabToAsync(walk, "#authenticator");
        await LeadsToAsync(walk, "Enter", "/security/authenticator");
        await TabToAsync(walk, "main details summary");
        await keys.PressAsync("Space");
        var secret = await page.Locator("main details input").InputValueAsync();
        await TabToAsync(walk, "#code");
        await keys.TypeAsync(AuthenticatorApp.CodeOf(secret, DateTimeOffset.UtcNow));
        await LeadsToAsync(walk, "Enter", "/security/recovery-codes");
        await TabToAsync(walk, "#make-codes");
        await LeadsToAsync(walk, "Enter", "/security/recovery-codes");
        await TabToAsync(walk, "#kept");
        await LeadsToAsync(walk, "Enter", "/security");
        await ThroughAsync(walk);

        await TabToAsync(walk, ".lk-menu summary");
        await keys.PressAsync("Enter");
        await TabToAsync(walk, "form[action='/sign-out'] button");
        await LeadsToAsync(walk, "Enter", "/sign-out");
        await page.GotoAsync("/profile");
        page.Url.ShouldContain("/sign-in");
        walk.Findings.ShouldBeEmpty();
    }

    /// <summary>Presses a key on what has the focus and waits for the page that answers.</summary>
    private static async Task LeadsToAsync(Walk walk, string key, string path)
    {
        // An answer may lead back to the same address, so the old page is marked; what comes has no mark.
        await walk.Page.EvaluateAsync("() => { window.isOld = true; }");
        await walk.Page.Keyboard.PressAsync(key);
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return await walk.Page.EvaluateAsync<bool>(
                        "() => !window.isOld && document.readyState === 'complete'"
                    );
                }
                catch (PlaywrightException)
                {
                    // Between two pages there is none.
                    return false;
                }
            },
            () => $"Nothing came after {walk.Page.Url}"
        );
        new Uri(walk.Page.Url).AbsolutePath.ShouldBe(path);
    }

    /// <summary>Presses Tab until something has the focus; whatever has it on the way shows it.</summary>
    private static async Task TabToAsync(Walk walk, string selector)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            if (await TabAsync(walk, selector) is { Arrived: true })
                return;
        }
        throw new InvalidOperationException($"Tab never reached {selector} on {walk.Page.Url}");
    }

    /// <summary>Presses Tab until it leads out of the page: nothing keeps the focus.</summary>
    private static async Task ThroughAsync(Walk walk)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            if (await TabAsync(walk, "body") is { Arrived: true })
                return;
        }
        throw new InvalidOperationException($"Tab never leads out of {walk.Page.Url}");
    }

    private static async Task<Step> TabAsync(Walk walk, string selector)
    {
        await walk.Page.Keyboard.PressAsync("Tab");
        var step = await walk.Page.EvaluateAsync<Step>(
            """
            selector => {
              const element = document.activeElement;
              const style = getComputedStyle(element);
              return {
                name: element.outerHTML.slice(0, 120),
                arrived: element.matches(selector),
                // Something is drawn around it.
                shows: element === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none',
              };
            }
            """,
            selector
        );
        step.Shows.ShouldBeTrue($"{step.Name} has the focus but does not show it");
        return step;
    }

    /// <summary>What a press of Tab led to.</summary>
    private sealed class Step
    {
        public string Name { get; set; } = "";
        public bool Arrived { get; set; }
        public bool Shows { get; set; }
    }
}
