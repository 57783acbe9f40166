using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The guide of an application made of a connector: this organization's values stand in it.</summary>
public sealed class GuideTests(SqliteIdentityProvider host) : IClassFixture<SqliteIdentityProvider>
{
    private static readonly ShownCertificate s_certificate = new(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "AAAA",
        "01:02",
        "03:04",
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch,
        1
    );

    public static TheoryData<string> Slugs => ShippedConnectors.Slugs;

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_token_and_variable_is_filled(string slug)
    {
        var guide = Guide(slug);
        guide
            .Steps.SelectMany(s => s.Values)
            .Where(v =>
                string.IsNullOrEmpty(v.Value) || v.Value.Contains('{', StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_word_of_our_pages_that_it_names_is_there(string slug)
    {
        var guide = ShippedConnectors.Get(slug).Guide;
        var texts = host.Service<ITexts>();
        guide
            .Steps.Select(s => s.Text)
            .Concat(guide.Before)
            .Concat(guide.Notes)
            .SelectMany(GuideMarkup.Keys)
            .Where(key => !texts.Has(key))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zendesk", "03:04")]
    [InlineData("gitlab", "01:02")]
    [InlineData("snowflake", "AAAA")]
    [InlineData("truefoundry", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(
        "argo-cd",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="
    )]
    [Trait("Rule", "K-07")]
    [Trait("Rule", "S0-15")]
    [Trait("Rule", "S2-24")]
    public void The_certificate_is_shown_in_the_form_that_is_wanted(string slug, string text) =>
        Guide(slug).CertificateWanted("Certificate").Value.ShouldBe(text);

    [Fact]
    [Trait("Rule", "S0-24")]
    public async Task What_the_service_says_when_it_fails_stands_there_with_its_remedy()
    {
        var error = ShippedConnectors.Get("slack").Guide.Errors[0];
        var page = await PageAsync("slack");
        page.Text("#guide").ShouldContain(error.Text);
        page.Text("#guide").ShouldContain(error.Remedy);
    }

    [Theory]
    [InlineData("slack", "try it with somebody who has an account there already")]
    [InlineData("freshworks", "invite people first")]
    [Trait("Rule", "S0-22")]
    [Trait("Rule", "S0-23")]
    public async Task It_says_how_people_come_by_their_account(string slug, string words) =>
        (await PageAsync(slug)).Text("#guide").ShouldContain(words);

    [Fact]
    [Trait("Rule", "S0-23")]
    [Trait("Rule", "S1-24")]
    public async Task The_page_of_a_connector_says_what_the_service_can_do()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue/new?connector=freshworks");
        browser
            .Page.QuerySelectorAll(".lk-modes li")
            .Select(li => li.TextContent)
            .ShouldBe([
                "Starts at the service: yes",
                "Starts at the portal: yes",
                "JIT Provisioning: no",
                "SCIM: not known",
                "Single logout: not known",
            ]);
    }

    private async Task<AdminBrowser> PageAsync(string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var made = await host.AddAsync(
            ConnectorVariables.Fill(connector, ConnectorVariables.Examples(connector)).Value!
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        return browser;
    }

    private ApplicationGuide Guide(string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var input = ConnectorVariables
            .Fill(connector, ConnectorVariables.Examples(connector))
            .Value!;
        var application = new Application
        {
            Slug = slug,
            Label = connector.Name,
            IdpEntityId = $"https://id.example.test/saml2/{slug}",
            SpEntityId = "",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        ApplicationRules.Fill(application, input, creating: true).ShouldBeEmpty();
        return new ApplicationGuide(
            application,
            connector,
            s_certificate,
            host.Service<ServerOptions>()
        );
    }
}
