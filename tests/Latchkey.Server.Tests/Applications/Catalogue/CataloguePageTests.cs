using System.Net;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The catalogue and flow A with a connector, without JavaScript.</summary>
public abstract class CataloguePageTests(TestIdentityProvider host)
{
    [Fact]
    [Trait("Rule", "S1-03")]
    public async Task Flow_A_with_a_connector_takes_four_clicks_one_input_and_one_tick()
    {
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications");
        await browser.ClickAsync("#add-application-here, #add-application");
        await browser.ClickAsync("#connector-slack");
        browser.Type("input[name='Form.Variables[domain]']", "acme");
        browser.Tick($"#group-{group.Id:N}");

        await browser.ClickAsync("#save-activate");

        // The first click, on "Applications" in the navigation, is the opened page here.
        (browser.Clicks + 1, browser.Inputs, browser.Ticks).ShouldBe((4, 1, 1));
        browser.Text(".lk-toast").ShouldContain("is active");
        browser.Value("#guide-2-0").ShouldStartWith("https://id.example.test/saml2/slack");
        browser.Value("#guide-2-2").ShouldStartWith("-----BEGIN CERTIFICATE-----");
        browser.Value("#guide-3-0").ShouldBe("https://slack.com");
    }

    [Fact]
    public async Task What_the_connector_knows_is_stored_with_what_was_said()
    {
        var made = await MakeAsync("slack", ("domain", "tau"));
        made.AcsEndpoints[0].Location.ShouldBe("https://tau.slack.com/sso/saml");
        made.Connector.ShouldBe("slack");
        made.ConnectorVariables["domain"].ShouldBe("tau");
        made.Attributes.ShouldContain(a => a.Name == "User.Email" && a.Value == "email");
        made.RequiredAttributes.ShouldBe(["User.Email"]);
    }

    [Fact]
    [Trait("Rule", "S1-07")]
    public async Task A_search_by_the_name_of_a_product_says_why_it_found_the_connector()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue?q=Jira");
        browser
            .Text("#connector-atlassian-cloud")
            .ShouldContain("Jira signs in through Atlassian Cloud");
    }

    [Fact]
    [Trait("Rule", "S1-04")]
    [Trait("Rule", "S1-05")]
    [Trait("Rule", "J-56")]
    [Trait("Rule", "S0-23")]
    public async Task Labels_tell_what_is_beta_and_what_makes_accounts()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue?q=hackerone");
        browser.Text("#connector-hackerone").ShouldContain("BETA");
        browser.Text("#connector-hackerone").ShouldContain("JIT Provisioning");
    }

    [Fact]
    [Trait("Rule", "S0-21")]
    [Trait("Rule", "S0-23")]
    public async Task The_list_is_narrowed_to_what_a_service_is_known_to_do()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue?only=slo");
        browser
            .Page.QuerySelectorAll("#connectors [id^=connector-]")
            .Select(tile => tile.Id!["connector-".Length..])
            .ShouldBe(
                ShippedConnectors
                    .All.Values.Where(c => c.Modes.Slo == Known.Yes)
                    .Select(c => c.Slug),
                ignoreOrder: true
            );
    }

    [Fact]
    [Trait("Rule", "S1-06")]
    public async Task The_first_tiles_are_custom_and_bookmark()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue");
        browser
            .Page.QuerySelectorAll("#connectors .lk-tile")
            .Take(2)
            .Select(t => t.Id)
            .ShouldBe(["custom", "bookmark"]);
    }

    [Fact]
    [Trait("Rule", "S0-40")]
    public async Task What_is_not_there_can_be_made_by_hand_or_asked_for()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue?q=Frobnicator");
        browser.Find("#custom-instead").GetAttribute("href").ShouldBe("/admin/applications/new");
        browser.Value("#ask-text").ShouldStartWith("Connector wanted: Frobnicator");
    }

    [Theory]
    [InlineData("", "Enter a value for “Slack workspace”.")]
    [InlineData("https://acme.slack.com", "is not what was expected")]
    public async Task A_wrong_value_is_refused_beside_its_field_and_nothing_is_saved(
        string value,
        string says
    )
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue/new?connector=slack");
        browser.Type("input[name='Form.Variables[domain]']", value);
        await browser.ClickAsync("#save");
        browser.Errors.ShouldHaveSingleItem().ShouldContain(says);
        browser.Address.ShouldContain("connector=slack");
    }

    [Fact]
    public async Task A_value_is_checked_while_it_is_typed()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue/new?connector=slack");
        browser.Type("input[name='Form.Variables[domain]']", "two words");
        await browser.ClickAsync("#check");
        browser.Text("#check-domain").ShouldContain("is not what was expected");
    }

    [Fact]
    public async Task A_connector_that_is_not_there_has_no_page()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue/new?connector=nothing");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Rule", "S0-18")]
    public async Task A_prebuilt_application_is_cloned_as_a_custom_one()
    {
        var prebuilt = await MakeAsync("slack", ("domain", "omega"));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{prebuilt.Id}");
        await browser.ClickAsync("#clone");
        await browser.ClickAsync("#clone");
        var clone = await FindAsync(browser);
        (clone.Connector, clone.Active, clone.Label).ShouldBe((null, false, "Slack (custom)"));
        clone.AcsEndpoints.ShouldBe(prebuilt.AcsEndpoints);
        clone.Attributes.ShouldBe(prebuilt.Attributes);
        clone.IdpEntityId.ShouldNotBe(prebuilt.IdpEntityId);
    }

    [Fact]
    [Trait("Rule", "S1-14")]
    public async Task A_custom_application_has_a_guide_too()
    {
        var application = await host.AddAsync();
        await host.AskAsync(s => s.ActivateAsync(application.Id));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}");
        browser.Text("#guide").ShouldContain("enter the SSO URL");
        browser
            .Value("#sign-on-address")
            .ShouldBe($"https://id.example.test/saml2/{application.Slug}");
    }

    private async Task<Application> MakeAsync(
        string connector,
        params (string Name, string Value)[] values
    )
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/catalogue/new?connector={connector}");
        foreach (var (name, value) in values)
        {
            browser.Type($"input[name='Form.Variables[{name}]']", value);
        }
        await browser.ClickAsync("#save");
        browser.Errors.ShouldBeEmpty();
        return await FindAsync(browser);
    }

    private async Task<Application> FindAsync(AdminBrowser browser)
    {
        var id = Guid.Parse(browser.Address.Split('/')[3]);
        return (await host.AskAsync(s => s.FindAsync(id)))!;
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : CataloguePageTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : CataloguePageTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
