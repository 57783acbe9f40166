using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

/// <summary>"Test sign-in": the real flow for the administrator, and what was recorded of it.</summary>
public sealed class TestSignInTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    public async Task A_sign_in_that_went_through_is_shown_with_its_code()
    {
        var user = await host.UserAsync(administrator: true);
        var made = await host.AddAsync(host.Input() with { UserIds = [user.Id], Active = true });
        var browser = await host.BrowserAsync(user);
        await browser.OpenAsync($"/admin/applications/{made.Id}/test");
        var again = browser.Find("#look-again").GetAttribute("href")!;
        await browser.ClickAsync("#start-test");
        browser.Page.QuerySelector("input[name=SAMLResponse]").ShouldNotBeNull();

        await browser.OpenAsync(again);

        browser.Text("#tried").ShouldContain("A Response was sent");
        browser.Find("#tried a").GetAttribute("href")!.ShouldStartWith("/admin/search?q=");
    }

    [Fact]
    public async Task A_refusal_is_shown_with_its_reason_and_what_to_do()
    {
        var user = await host.UserAsync(administrator: true);
        var made = await host.AddAsync(host.Input() with { Active = true });
        var browser = await host.BrowserAsync(user);
        await browser.OpenAsync($"/admin/applications/{made.Id}/test");
        browser.Text("#start").ShouldContain("your sign-in will be refused");
        var again = browser.Find("#look-again").GetAttribute("href")!;
        await browser.ClickAsync("#start-test");

        await browser.OpenAsync(again);

        browser.Text("#tried").ShouldContain("Refused here");
        browser.Text("#tried").ShouldContain("Grant the application");
    }

    [Fact]
    public async Task What_others_did_is_not_shown()
    {
        var user = await host.UserAsync(administrator: true);
        var other = await host.UserAsync(administrator: true);
        var made = await host.AddAsync(host.Input() with { UserIds = [other.Id], Active = true });
        var browser = await host.BrowserAsync(user);
        await browser.OpenAsync($"/admin/applications/{made.Id}/test");
        var again = browser.Find("#look-again").GetAttribute("href")!;
        var others = await host.BrowserAsync(other);
        await others.OpenAsync($"/admin/applications/{made.Id}/test");
        await others.ClickAsync("#start-test");

        await browser.OpenAsync(again);

        browser.Text("#tried").ShouldBe("Nothing yet.");
    }

    [Fact]
    [Trait("Rule", "J-17")]
    public async Task An_application_that_starts_by_itself_is_opened_there()
    {
        var made = await host.AddAsync(
            host.Input() with
            {
                LoginUrl = "https://sp.example.test/login",
                Active = true,
            }
        );
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}/test");

        browser.Find("#start-test").GetAttribute("href").ShouldBe("https://sp.example.test/login");
    }
}
