using System.Net;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Handover;
using Latchkey.Server.Insights;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The page for the other side's engineer, and links to it (S0-37).</summary>
public abstract class HandoverTests(TestIdentityProvider host)
{
    [Fact]
    [Trait("Rule", "S0-37")]
    public async Task A_link_shows_the_page_to_whoever_holds_it()
    {
        var (application, address) = await ShareAsync(7);
        var page = await OpenAsync(address);
        page.ShouldContain(application.IdpEntityId);
        page.ShouldContain("BEGIN CERTIFICATE");
        page.ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task It_ends_when_its_days_are_over()
    {
        var (application, _) = await ShareAsync(7);
        var links = host.Service<HandoverLinks>();
        var made = (await links.CreateAsync(application, 7)).Value!;
        var token = made.Address.Split('/')[^1];
        (await links.FindAsync(token)).ShouldNotBeNull();
        await using (var db = host.Open())
        {
            await db
                .HandoverLinks.Where(l => l.Id == made.Link.Id)
                .ExecuteUpdateAsync(l => l.SetProperty(x => x.ExpiresAt, host.Clock.GetUtcNow()));
        }
        (await links.FindAsync(token)).ShouldBeNull();
    }

    [Fact]
    public async Task It_ends_when_it_is_revoked_and_both_are_in_the_record()
    {
        var (application, address) = await ShareAsync(30);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/hand-over");
        await browser.ClickAsync("[id^=revoke-]");
        (await StatusAsync(address)).ShouldBe(HttpStatusCode.NotFound);
        (await host.EventsOfAsync(application.Id))
            .Select(e => e.Type)
            .ShouldContain(EventTypes.HandoverLinkDelete);
    }

    [Fact]
    public async Task Nothing_in_the_database_opens_it()
    {
        var (application, address) = await ShareAsync(7);
        await using var db = host.Open();
        var stored = await db.HandoverLinks.SingleAsync(l => l.ApplicationId == application.Id);
        address.ShouldNotContain(Convert.ToHexStringLower(stored.TokenHash));
        (await StatusAsync($"/hand-over/{Convert.ToHexStringLower(stored.TokenHash)}")).ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task A_strangers_guess_finds_nothing() =>
        (await StatusAsync("/hand-over/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).ShouldBe(
            HttpStatusCode.NotFound
        );

    [Fact]
    public async Task A_link_of_any_other_length_is_refused() =>
        (
            await host.Service<HandoverLinks>().CreateAsync(await host.AddAsync(), 3650)
        ).Ok.ShouldBeFalse();

    private async Task<(Application Application, string Address)> ShareAsync(int days)
    {
        var application = await host.AddAsync(host.Input() with { Active = true });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/hand-over");
        browser.Type("#days", $"{days}");
        await browser.ClickAsync("#create-link");
        var address = browser.Value("#link");
        address.ShouldStartWith("https://id.example.test/hand-over/");
        return (application, new Uri(address).PathAndQuery);
    }

    private async Task<string> OpenAsync(string address)
    {
        using var stranger = host.Stranger();
        stranger.BaseAddress = new Uri(TestIdentityProvider.Origin);
        using var answer = await stranger.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var stranger = host.Stranger();
        stranger.BaseAddress = new Uri(TestIdentityProvider.Origin);
        using var answer = await stranger.GetAsync(address);
        return answer.StatusCode;
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : HandoverTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : HandoverTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
