using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;

namespace Latchkey.Server.Tests.Applications.Following;

/// <summary>The pages of a followed address, without JavaScript.</summary>
public sealed class FollowingPageTests(FollowingOnSqlite host) : IClassFixture<FollowingOnSqlite>
{
    private static readonly SigningKey s_old = SpMetadata.NewKey("old");
    private static readonly SigningKey s_new = SpMetadata.NewKey("new");

    [Fact]
    public async Task An_address_is_followed_refreshed_and_not_followed_any_more()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(metadata);
        var browser = await FollowAsync(application, site);
        browser.Text(".lk-toast").ShouldContain("is followed");
        browser.Text("#following-result").ShouldBe("Read without a problem");
        site.Publish(metadata with { Signing = [s_old, s_new] });

        await browser.ClickAsync("#refresh-now");
        browser.Text(".lk-toast").ShouldContain("Certificates that its requests are verified by");

        await browser.ClickAsync("#stop-following");
        browser.Page.QuerySelector("#following").ShouldBeNull();
        (await FindAsync(application)).SpSigningCertificates.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_differs_when_it_begins_is_confirmed_first()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(
            metadata with
            {
                Signing = [s_new],
            }
        );
        var browser = await FollowAsync(application, site);
        browser.Text("#take-sp_signing_certificates-why").ShouldContain("None of the certificates");
        (await FindAsync(application)).SpSigningCertificates.ShouldBe([Text(s_old)]);
        browser.Tick("#take-sp_signing_certificates");

        await browser.ClickAsync("#apply");

        (await FindAsync(application)).SpSigningCertificates.ShouldBe([Text(s_new)]);
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_waits_is_shown_on_the_overview_and_the_applications_page_until_it_is_decided()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(metadata);
        var browser = await FollowAsync(application, site);
        site.Publish(metadata with { Signing = [s_new] });
        await browser.ClickAsync("#refresh-now");
        browser.Text(".lk-toast").ShouldContain("waits for you");
        await browser.OpenAsync("/admin");
        browser.Text("#metadata-needing").ShouldContain(application.Label);
        await browser.OpenAsync($"/admin/applications/{application.Id}");
        await browser.ClickAsync("#look-at-held");

        await browser.ClickAsync("#dismiss");

        browser.Page.QuerySelector("#following-held").ShouldBeNull();
        await browser.ClickAsync("#refresh-now");
        browser.Text(".lk-toast").ShouldContain("Nothing has changed");
        (await FindAsync(application)).SpSigningCertificates.ShouldBe([Text(s_old)]);
    }

    [Fact]
    public async Task An_address_that_cannot_be_read_is_not_followed()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(metadata);
        site.Failure = 404;

        var browser = await FollowAsync(application, site);

        browser.Text("#FollowUrl-error").ShouldContain("404");
        browser.Page.QuerySelector("#following").ShouldBeNull();
    }

    [Fact]
    public async Task Why_it_cannot_be_read_is_said_on_the_applications_page()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(metadata);
        var browser = await FollowAsync(application, site);
        site.Failure = 503;

        await browser.ClickAsync("#refresh-now");

        browser.Text("#following").ShouldContain("status 503");
        browser.Text("#following").ShouldContain("Sign-ins go on");
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_pins_nothing()
    {
        var (application, metadata) = await AddAsync();
        await using var site = await PublishedMetadata.StartAsync(metadata);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Type("#FollowUrl", site.Url);
        browser.Type("#Pinned", "hello");

        await browser.ClickAsync("#start-following");

        browser.Page.QuerySelector("#Pinned-error").ShouldNotBeNull();
        site.Asked.ShouldBe(0);
    }

    private async Task<(Application, SpMetadata)> AddAsync()
    {
        var application = await host.AddAsync(
            host.Input() with
            {
                SpSigningCertificates = [Text(s_old)],
            }
        );
        return (application, SpMetadata.Of(application) with { Signing = [s_old] });
    }

    private async Task<AdminBrowser> FollowAsync(Application application, PublishedMetadata site)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Type("#FollowUrl", site.Url);
        await browser.ClickAsync("#start-following");
        return browser;
    }

    private async Task<Application> FindAsync(Application application) =>
        (await host.AskAsync(s => s.FindAsync(application.Id)))!;

    private static string Text(SigningKey key) => Convert.ToBase64String(key.Certificate.RawData);
}
