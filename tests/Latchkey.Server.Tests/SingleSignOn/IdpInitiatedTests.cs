using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.SingleSignOn;

public abstract class IdpInitiatedTests(TestIdentityProvider server)
{
    [Fact]
    [Trait("Rule", "S0-07")]
    [Trait("Rule", "S1-21")]
    [Trait("Rule", "S1-22")]
    [Trait("Rule", "J-16")]
    public async Task A_click_in_the_portal_sends_an_unsolicited_response()
    {
        var (sp, user) = await SetUpAsync(a => a.DefaultRelayState = "https://wiki.example.test/x");
        var browser = await server.SignedInAsync(user);
        var page = await ClickAsync(browser);
        var assertion = sp.Accept(page, null);
        (assertion.NameId!.Value, assertion.InResponseTo).ShouldBe((user.Email, null));
        page.Field("RelayState").ShouldBe("https://wiki.example.test/x");
        (await server.EventsOfAsync(user))
            .Single(e => e.Type == EventTypes.SsoAuth)
            .Details.ShouldContain("\"idp_initiated\":true");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("same-origin")]
    public async Task An_address_typed_or_followed_from_our_pages_goes_straight_on(string site)
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        sp.Accept(await browser.OpenAsync(sp.Address, site), null);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData(null)]
    [Trait("Rule", "I7")]
    public async Task A_link_on_another_page_asks_for_one_click(string? site)
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Address, site);
        page.Field("SAMLResponse").ShouldBeNull();
        page.Title.ShouldStartWith("Continue to");
        var form = page.Document.Forms.Single(f => f.GetAttribute("action") == $"/saml2/{sp.Slug}");
        sp.Accept(await browser.SubmitAsync(page, form), null);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task A_form_posted_without_our_token_starts_nothing()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.PostAsync(
            sp.Address,
            new Dictionary<string, string>(StringComparer.Ordinal),
            "same-site"
        );
        page.Field("SAMLResponse").ShouldBeNull();
        page.Title.ShouldStartWith("Continue to");
    }

    [Fact]
    public async Task Somebody_not_signed_in_signs_in_first_and_goes_on()
    {
        var (sp, user) = await SetUpAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Address, "cross-site");
        page.Address.ShouldStartWith("/sign-in?s=");
        page.Text.ShouldContain("to continue to Wiki");
        page = await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
        sp.Accept(page, null).NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    public async Task A_browser_that_only_guesses_ahead_starts_nothing()
    {
        var (sp, user) = await SetUpAsync();
        await server.SignedInAsync(user);
        using var client = new HttpClient(server.Handler());
        using var request = new HttpRequestMessage(HttpMethod.Get, sp.Address);
        request.Headers.Add("Sec-Purpose", "prefetch;prerender");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(503);
    }

    private static async Task<TestPage> ClickAsync(TestBrowser browser)
    {
        var portal = await browser.OpenAsync("/");
        var tile = portal.Document.Forms.Single(f =>
            f.GetAttribute("action")?.StartsWith("/saml2/", StringComparison.Ordinal) == true
        );
        return await browser.SubmitAsync(portal, tile);
    }

    private async Task<(TestServiceProvider, User)> SetUpAsync(Action<Application>? adjust = null)
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, adjust, user);
        return (sp, user);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : IdpInitiatedTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : IdpInitiatedTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
