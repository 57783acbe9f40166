using Latchkey.Testing;
using Latchkey.Testing.Browsers;

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
        await EndsWithAsync(visit, "Signed out", "Signed out", "Signed out");
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
        await visit.Page.GotoAsync("/sign-out");
        await visit.Page.Locator("#go-on").ClickAsync();
        await visit.Page.Locator("#skip").ClickAsync();
        await EndsWithAsync(
            visit,
            "Not signed out. It did not answer.",
            "Signed out",
            "Signed out",
            "Signed out"
        );
        await NowhereAsync(visit);
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
        foreach (var site in new[] { "docs", "intranet" })
        {
            await visit.Page.GotoAsync(organisation.Server.At($"/saml2/{site}"));
            await visit.Page.Locator("button").ClickAsync();
            await visit.Page.WaitForURLAsync(url =>
                url.StartsWith(organisation.Mellon.Address.AbsoluteUri, StringComparison.Ordinal)
            );
        }
        await SignOutAtThePortalAsync(visit);
        await EndsWithAsync(visit, "Signed out", "Signed out");
        (await organisation.Mellon.IsSignedInAsync(visit, "docs")).ShouldBeFalse();
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

    private static async Task EndsWithAsync(Visit visit, params string[] states)
    {
        await visit
            .Page.GetByRole(
                Microsoft.Playwright.AriaRole.Heading,
                new() { Name = "You are signed out", Exact = true }
            )
            .WaitForAsync();
        (
            await visit.Page.Locator("#participants li span:last-child").AllInnerTextsAsync()
        ).ShouldBe(states);
    }

    private async Task NowhereAsync(Visit visit)
    {
        (await organisation.Mellon.IsSignedInAsync(visit, "docs")).ShouldBeFalse();
        (await organisation.Mellon.IsSignedInAsync(visit, "intranet")).ShouldBeFalse();
        (await organisation.Node.IsSignedInAsync(visit, "wiki")).ShouldBeFalse();
        await visit.Page.GotoAsync("/");
        new Uri(visit.Page.Url).AbsolutePath.ShouldBe("/sign-in");
    }
}
