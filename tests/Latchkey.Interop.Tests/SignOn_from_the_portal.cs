using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Interop.Tests;

/// <summary>IdP-initiated sign-in: a click on a tile.</summary>
public sealed class SignOn_from_the_portal(Organisation organisation, Chromium chromium)
{
    [Fact]
    [Trait("Rule", "S0-07")]
    public async Task A_tile_signs_in_to_node_saml_with_the_default_relay_state()
    {
        await using var visit = await AtThePortalAsync("ada");
        await Tile(visit, "wiki").ClickAsync();
        var result = await organisation.Node.ResultAsync(visit);
        result.Outcome.ShouldBe("signed in", result.Reason);
        result.NameId.ShouldBe("ada@example.test");
        result.RelayState.ShouldBe("from the portal");
    }

    [Fact]
    [Trait("Rule", "S0-07")]
    public async Task A_tile_signs_in_to_mod_auth_mellon()
    {
        await using var visit = await AtThePortalAsync("ada");
        await Tile(visit, "docs").ClickAsync();
        var user = await organisation.Mellon.ResultAsync(visit, "docs");
        user["first"].ShouldBe("Ada");
    }

    [Fact]
    [Trait("Rule", "S0-08")]
    public async Task The_address_of_an_application_asks_for_the_password_first_and_then_signs_in()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync("/saml2/wiki");
        await visit.SignInAsync();
        var result = await organisation.Node.ResultAsync(visit);
        result.Outcome.ShouldBe("signed in", result.Reason);
    }

    [Fact]
    [Trait("Rule", "S0-19")]
    public async Task Tiles_are_those_that_the_groups_of_the_user_grant()
    {
        await using var ada = await AtThePortalAsync("ada");
        await Assertions.Expect(Tile(ada, "wiki")).ToHaveCountAsync(1);
        await Assertions.Expect(Tile(ada, "closed")).ToHaveCountAsync(0);
        await using var bob = await AtThePortalAsync("bob");
        await Assertions.Expect(Tile(bob, "wiki")).ToHaveCountAsync(0);
    }

    private async Task<Visit> AtThePortalAsync(string username)
    {
        var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync("/");
        await visit.SignInAsync(username);
        await visit.Page.WaitForURLAsync(organisation.Server.At("/"));
        return visit;
    }

    /// <summary>Among all tiles; what was used last stands above them once more.</summary>
    private static ILocator Tile(Visit visit, string application) =>
        visit.Page.Locator($"#tile-all-{application}");
}
