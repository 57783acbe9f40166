using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>The pages of the API by plain posts.</summary>
public sealed class ApiPageTests(SqliteIdentityProvider server)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_stands_on_the_reference_page_as_a_curl_line_with_this_servers_address()
    {
        var browser = await AdministratorAsync();

        await browser.OpenAsync("/admin/api");

        var lines = browser.Page.QuerySelectorAll("pre").Select(p => p.TextContent).ToList();
        lines.Count.ShouldBe(server.Services.GetRequiredService<ApiOperations>().All.Count);
        lines.ShouldAllBe(l => l.Contains("'https://id.example.test/api/v1/"));
        lines.ShouldContain(l =>
            l.StartsWith("curl -X PATCH ", StringComparison.Ordinal)
            && l.Contains("/applications/APPLICATION'")
        );
    }

    [Fact]
    public async Task An_application_is_shown_as_curl_lines_and_as_yaml()
    {
        var browser = await AdministratorAsync();
        var application = await server.AddAsync(server.Input() with { Label = "It's \"quoted\"" });
        await browser.OpenAsync($"/admin/applications/{application.Id}");

        await browser.ClickAsync("#as-code");

        var text = browser.Text("main");
        text.ShouldContain($"/api/v1/applications/{application.Slug}'");
        text.ShouldContain($"slug: {application.Slug}");
        text.ShouldContain("label: \"It's \\\"quoted\\\"\"");
    }

    [Fact]
    [Trait("Rule", "J-112")]
    public async Task A_token_is_made_for_what_is_ticked()
    {
        var browser = await AdministratorAsync();
        await browser.OpenAsync("/admin/settings/tokens");
        browser.Type("[name='Input.Name']", "Backup");
        browser.Tick("[name='Input.Rights'][value='chosen']");
        browser.Tick("#scope-organization-read");

        await browser.ClickAsync("main .lk-actions button");

        await using var db = server.Open();
        (await db.ApiTokens.SingleAsync(t => t.Name == "Backup", Ct)).Scopes.ShouldBe([
            ApiScopes.OrganizationRead,
        ]);
    }

    [Fact]
    public async Task With_nothing_ticked_no_token_is_made()
    {
        var browser = await AdministratorAsync();
        await browser.OpenAsync("/admin/settings/tokens");
        browser.Type("[name='Input.Name']", "Nothing");
        browser.Tick("[name='Input.Rights'][value='chosen']");

        await browser.ClickAsync("main .lk-actions button");

        browser.Text("main").ShouldContain("Tick at least one thing");
    }

    private async Task<AdminBrowser> AdministratorAsync()
    {
        await server.UserAsync(administrator: true);
        return await server.BrowserAsync(
            await server.AddUserAsync(u => u.Role = Role.Administrator)
        );
    }
}
