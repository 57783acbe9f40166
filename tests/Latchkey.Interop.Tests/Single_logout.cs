using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Interop.Tests;

/// <summary>
/// Single logout in one browser with three service providers: mod_auth_mellon, told by SOAP ("docs") and by Redirect
/// ("intranet"), and node-saml, told by POST ("wiki").
/// </summary>
[Trait("Rule", "S1-32")]
public sealed class Single_logout(Organisation organisation, Chromium chromium)
{
    [Fact]
    public async Task Begun_at_the_portal_it_reaches_all_of_them()
    {
        await using var visit = await EverywhereAsync("una");
        await SignOutAtThePortalAsync(visit);
        await EndsWithAsync(visit.Page, "Signed out", "Signed out", "Signed out");
        await NowhereAsync(visit);
    }

    [Fact]
    public async Task Begun_at_mod_auth_mellon_it_reaches_the_others_and_the_portal()
    {
        await using var visit = await EverywhereAsync("vera");
        await visit.Page.GotoAsync(organisation.Mellon.LogoutAddress("docs"));
        await visit.Page.WaitForURLAsync(organisation.Mellon.OpenPage);
        await NowhereAsync(visit);
    }

    [Fact]
    public async Task Begun_at_node_saml_it_reaches_the_others_and_the_portal()
    {
        await using var visit = await EverywhereAsync("wim");
        await visit.Page.GotoAsync(organisation.Node.LogoutAddress("wiki"));
        (await organisation.Node.LoggedOutAsync(visit, "wiki")).ShouldBeTrue();
        await NowhereAsync(visit);
    }

    [Fact]
    public async Task With_one_dead_the_others_are_reached_all_the_same()
    {
        await using var visit = await EverywhereAsync("xenia");
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("dead"));
        await organisation.Node.ResultAsync(visit);
        await visit.Page.RunAndWaitForRequestAsync(
            () => SignOutAtThePortalAsync(visit),
            request => request.Url.StartsWith(organisation.DeadAddress, StringComparison.Ordinal)
        );
        // The browser stands at an error page of its own; whoever comes back is offered to go on.
        var later = await visit.Context.NewPageAsync();
        await later.GotoAsync("/sign-out");
        await later.Locator("#go-on").ClickAsync();
        await later.Locator("#skip").ClickAsync();
        await EndsWithAsync(
            later,
            "Not signed out. It did not answer.",
            "Signed out",
            "Signed out",
            "Signed out"
        );
        await NowhereAsync(visit, later);
    }

    [Fact]
    public async Task Without_scripts_it_goes_by_itself_where_redirects_do()
    {
        await using var visit = await chromium.VisitAsync(
            new VisitSetup { Address = organisation.Server.Address, JavaScript = false }
        );
        await visit.Page.GotoAsync("/sign-in");
        await visit.SignInAsync("yuri");
        await visit.Page.WaitForURLAsync(organisation.Server.At("/"));
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress("intranet"));
        // mellon's own page that posts the request, then ours that posts the answer.
        await visit.Page.Locator("[type=submit]").ClickAsync();
        await visit.Page.WaitForURLAsync(organisation.Server.At("/") + "**");
        await visit.Page.Locator("button").ClickAsync();
        await organisation.Mellon.ResultAsync(visit, "intranet");
        await SignOutAtThePortalAsync(visit);
        await EndsWithAsync(visit.Page, "Signed out");
        (await organisation.Mellon.IsSignedInAsync(visit, "intranet")).ShouldBeFalse();
    }

    /// <summary>A browser in which somebody is signed in at the portal and at all three, the last one opened last.</summary>
    private async Task<Visit> EverywhereAsync(string username)
    {
        var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress("docs"));
        await visit.SignInAsync(username);
        await organisation.Mellon.ResultAsync(visit, "docs");
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress("intranet"));
        await organisation.Mellon.ResultAsync(visit, "intranet");
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("wiki"));
        await organisation.Node.ResultAsync(visit);
        (await organisation.Mellon.IsSignedInAsync(visit, "docs")).ShouldBeTrue();
        (await organisation.Mellon.IsSignedInAsync(visit, "intranet")).ShouldBeTrue();
        (await organisation.Node.IsSignedInAsync(visit, "wiki")).ShouldBeTrue();
        return visit;
    }

    private static async Task SignOutAtThePortalAsync(Visit visit)
    {
        await visit.Page.GotoAsync("/sign-out");
        await visit.Page.Locator("main form button").ClickAsync();
    }

    private static async Task EndsWithAsync(IPage page, params string[] states)
    {
        await page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out", Exact = true })
            .WaitForAsync();
        (await page.Locator("#participants li span:last-child").AllInnerTextsAsync()).ShouldBe(
            states
        );
    }

    private async Task NowhereAsync(Visit visit, IPage? later = null)
    {
        (await organisation.Mellon.IsSignedInAsync(visit, "docs")).ShouldBeFalse();
        (await organisation.Mellon.IsSignedInAsync(visit, "intranet")).ShouldBeFalse();
        (await organisation.Node.IsSignedInAsync(visit, "wiki")).ShouldBeFalse();
        var page = later ?? visit.Page;
        await page.GotoAsync("/");
        new Uri(page.Url).AbsolutePath.ShouldBe("/sign-in");
    }
}
