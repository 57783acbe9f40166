using System.Text.Json;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The record tells what was done in a browser from what was done with a token, and with which.</summary>
[Trait("Rule", "J-121")]
public sealed class EventWayTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_on_a_page_came_from_a_session()
    {
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/groups/{group.Id}");
        browser.Type("#Input_Description", "Changed");

        await browser.ClickAsync("main .btn-primary");

        (await WayAsync(EventTypes.GroupUpdate, group.Id)).ShouldBe(("session", null, null));
    }

    [Fact]
    public async Task The_same_change_by_a_call_came_from_that_token()
    {
        var group = await host.GroupAsync();
        var owner = await host.AddUserAsync(u => u.Role = Role.Owner);
        var made = (
            await host.AskAsync<ApiTokenService, Problems.Outcome<NewApiToken>>(tokens =>
                tokens.CreateAsync("Nightly export", owner.Id, Ct)
            )
        ).Value!;
        using var client = new HttpClient(host.Handler());
        client.DefaultRequestHeaders.Authorization = new("Bearer", made.Secret);
        using var body = new StringContent(
            """{"description": "Changed"}""",
            null,
            "application/json"
        );

        using var answer = await client.PatchAsync(
            $"{TestIdentityProvider.Origin}/api/v1/groups/{group.Id}",
            body,
            Ct
        );

        ((int)answer.StatusCode).ShouldBe(200);
        (await WayAsync(EventTypes.GroupUpdate, group.Id)).ShouldBe(
            ("api_token", made.Token.Id.ToString(), "Nightly export")
        );
    }

    [Fact]
    public async Task What_the_server_did_by_itself_came_by_no_way()
    {
        var user = (
            await host.AskAsync<UserService, Problems.Outcome<User>>(users =>
                users.CreateAsync(
                    new UserInput { Username = "alone", Email = "alone@example.test" },
                    Ct
                )
            )
        ).Value!;

        (await WayAsync(EventTypes.UserCreate, user.Id)).ShouldBe((null, null, null));
    }

    private async Task<(string? Method, string? Token, string? Name)> WayAsync(
        string type,
        Guid target
    )
    {
        await using var db = host.Open();
        var details = await db
            .Events.Where(e => e.Type == type && e.TargetId == target)
            .Select(e => e.Details)
            .SingleAsync(Ct);
        using var json = JsonDocument.Parse(details);
        return (Text("auth_method"), Text("token_id"), Text("token_name"));

        string? Text(string name) =>
            json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
