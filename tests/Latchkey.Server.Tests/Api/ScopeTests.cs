using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Tests.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

[Trait("Rule", "J-112")]
public sealed class ScopeTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_token_does_what_it_was_made_for_and_nothing_else()
    {
        Use(await TokenAsync(ApiScopes.ApplicationsRead));

        var read = await SendAsync("GET", "/applications");
        var write = await SendAsync("DELETE", "/applications/nobody");

        read.Status.ShouldBe(200);
        write.Problems.ShouldBe(["403 token-scope-missing"]);
    }

    [Fact]
    public async Task What_may_be_changed_may_be_read()
    {
        Use(await TokenAsync(ApiScopes.ApplicationsWrite));

        (await SendAsync("GET", "/applications")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_token_for_settings_does_not_say_where_mails_to_administrators_go()
    {
        Use(await TokenAsync(ApiScopes.SettingsWrite));

        var mail = await SendAsync("PATCH", "/settings/mail", """{"host": "mail.example.test"}""");
        var sessions = await SendAsync("PATCH", "/settings/sessions", """{"idle_minutes": 60}""");

        mail.Problems.ShouldBe(["403 token-scope-missing"]);
        sessions.Status.ShouldBe(200);
    }

    [Fact]
    public void Every_endpoint_names_one_scope_that_there_is()
    {
        var needed = Server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .Select(r => r.Metadata.GetMetadata<NeededScope>()?.Scope)
            .ToList();

        needed.ShouldNotBeEmpty();
        needed.ShouldAllBe(scope => ApiScopes.All.Contains(scope));
    }

    [Fact]
    public async Task A_token_for_something_that_does_not_exist_is_not_made()
    {
        var made = await WithAsync<ApiTokenService, string>(async tokens =>
            (await tokens.CreateAsync("x", Administrator.Id, ["everything"], expiresAt: null, Ct))
                .Problems.Single()
                .Code
        );

        made.ShouldBe("token-scope-unknown");
    }
}
