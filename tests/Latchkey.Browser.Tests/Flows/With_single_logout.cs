using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Latchkey.Testing.ServiceProviders;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Signing out where one application takes part in single logout and does not answer, and another takes no part (S1-32).</summary>
public sealed class With_single_logout(With_single_logout.Place place, Chromium chromium)
    : IClassFixture<With_single_logout.Place>
{
    private const string Password = "correct horse battery staple";

    /// <summary>Nobody is there: what the browser is to see of it the test says.</summary>
    private const string Elsewhere = "https://sp.example.test";

    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task The_result_says_who_is_signed_out_and_a_silent_application_stops_nothing(
        Look look
    )
    {
        await using var walk = await Walk.StartAsync(chromium, place.Server, look);
        await walk.Visit.Context.RouteAsync(
            Elsewhere + "/**",
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>there" })
        );
        await walk.Page.GotoAsync("/sign-in");
        await walk.SignInAsync("ada", Password);
        await OpenAsync(walk, "archive");
        await OpenAsync(walk, "wiki");

        await walk.GoAsync("/sign-out");
        // The wiki keeps the browser for good; the page before it is looked at without being hurried on.
        await walk.Visit.Context.RouteAsync(
            "**/sign-out/next**",
            route => route.FulfillAsync(new() { Status = 204 })
        );
        await walk.SubmitAsync();
        (await walk.Page.Locator("h1").InnerTextAsync()).ShouldBe("You are signed out here");
        await walk.ExamineAsync();
        await walk.Visit.Context.UnrouteAsync("**/sign-out/next**");
        await walk.Page.Locator("#continue").ClickAsync();
        await walk.Page.WaitForURLAsync(Elsewhere + "/wiki/slo**");

        await walk.GoAsync("/sign-out");
        await walk.Page.Locator("#go-on").ClickAsync();
        await walk.Page.Locator("#skip").WaitForAsync();
        await walk.ExamineAsync();
        await walk.Page.Locator("#skip").ClickAsync();
        await walk.Page.Locator("#reference-code").WaitForAsync();
        await walk.ExamineAsync();
        (
            await walk.Page.Locator("#participants li span:last-child").AllInnerTextsAsync()
        ).ShouldBe([
            "Not signed out. It did not answer.",
            "Offers no sign-out. Sign out there yourself.",
        ]);
        await walk.Page.GotoAsync("/");
        new Uri(walk.Page.Url).AbsolutePath.ShouldBe("/sign-in");
        walk.Findings.ShouldBeEmpty();
    }

    /// <summary>Opens an application and waits until the browser is there.</summary>
    private static async Task OpenAsync(Walk walk, string application)
    {
        await walk.Page.GotoAsync($"/saml2/{application}");
        if (!walk.HasScripts)
            await walk.Page.Locator("button").ClickAsync();
        await walk.Page.WaitForURLAsync($"{Elsewhere}/{application}/acs");
    }

    /// <summary>One server for every look: each browser has a session of its own.</summary>
    public sealed class Place : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            // Base64 of the certificate: PEM without its first and last line.
            var certificate = string.Concat(KeyPair.Create("sp").Certificate.Split('\n')[1..^1]);
            Server = await ServerProcess.StartAsync(
                new ServerSetup
                {
                    Bootstrap = $$"""
                    users:
                      - { username: ada, email: ada@example.test, firstname: Ada, password: {{Password}} }
                    applications:
                      - slug: wiki
                        label: Wiki
                        sp_entity_id: {{Elsewhere}}/wiki
                        acs_urls: [ {{Elsewhere}}/wiki/acs ]
                        slo_urls: [ { binding: redirect, url: {{Elsewhere}}/wiki/slo } ]
                        sp_signing_certificates: [ {{certificate}} ]
                        users: [ada]
                        active: true
                      - slug: archive
                        label: Archive
                        sp_entity_id: {{Elsewhere}}/archive
                        acs_urls: [ {{Elsewhere}}/archive/acs ]
                        users: [ada]
                        active: true
                    """,
                }
            );
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
