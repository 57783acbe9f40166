using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

public abstract class ApplicationApiTests(TestDatabase database) : IAsyncLifetime
{
    private readonly string _mark = "m" + Guid.NewGuid().ToString("N")[..10];
    private TestServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(database);
        await using var scope = _server.Services.CreateAsyncScope();
        var input = new UserInput
        {
            Username = _mark,
            Email = $"{_mark}@example.test",
            Role = Role.Owner,
        };
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var user = (await users.CreateAsync(input, Ct)).Value!;
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokenService>();
        var token = (await tokens.CreateAsync("test", user.Id, Ct)).Value!.Secret;
        _server.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition_while_rows_go()
    {
        foreach (var end in new[] { "-a", "-b", "-c", "-d" })
        {
            await CreateAsync(_mark + end);
        }

        var first = await GetAsync($"?search={_mark}&limit=2");
        await _server.Client.DeleteAsync($"/api/v1/applications/{_mark}-a", Ct);
        var second = await GetAsync(
            $"?search={_mark}&limit=2&cursor={first.GetProperty("next_cursor").GetString()}"
        );

        Slugs(first).ShouldBe([_mark + "-a", _mark + "-b"]);
        Slugs(second).ShouldBe([_mark + "-c", _mark + "-d"]);
        second.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_application_is_shown_by_slug_and_by_id_in_the_words_of_the_file()
    {
        var id = await CreateAsync(_mark);

        var shown = await GetAsync($"/{_mark}");

        shown.GetProperty("name_id").GetProperty("format").GetString().ShouldBe("emailAddress");
        shown.GetProperty("sign").GetString().ShouldBe("assertion_and_response");
        shown.GetProperty("acs_urls")[0].GetString().ShouldBe("https://app.example.test/acs");
        shown.GetProperty("users")[0].GetString().ShouldBe(_mark);
        (await GetAsync($"/{id}")).GetRawText().ShouldBe(shown.GetRawText());
    }

    [Fact]
    [Trait("Rule", "J-43")]
    public async Task Of_the_signing_key_only_fingerprint_and_dates_of_its_certificate_are_shown()
    {
        await CreateAsync(_mark);

        var certificate = (await GetAsync($"/{_mark}")).GetProperty("certificate");

        certificate
            .EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe(["sha256", "not_before", "not_after"]);
    }

    [Fact]
    public async Task A_deleted_application_is_gone()
    {
        var id = await CreateAsync(_mark);

        using var answer = await _server.Client.DeleteAsync($"/api/v1/applications/{_mark}", Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var db = database.Open();
        (await db.Applications.AnyAsync(a => a.Id == id, Ct)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/nobody", 404, "api-application-unknown", null)]
    [InlineData("?limit=0", 400, "api-limit", "limit")]
    [InlineData("?limit=201", 400, "api-limit", "limit")]
    [InlineData("?cursor=!", 400, "api-cursor-unreadable", "cursor")]
    public async Task A_refusal_is_problem_details_with_a_stable_code_and_the_place(
        string address,
        int status,
        string code,
        string? field
    )
    {
        using var answer = await _server.Client.GetAsync("/api/v1/applications" + address, Ct);

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var problem = body.GetProperty("problems")[0];
        (
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            body.GetProperty("status").GetInt32(),
            problem.GetProperty("code").GetString(),
            problem.GetProperty("field").GetString()
        ).ShouldBe((status, "application/problem+json", status, code, field));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_shown()
    {
        _server.Client.DefaultRequestHeaders.Authorization = null;

        using var answer = await _server.Client.GetAsync("/api/v1/applications", Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    private static IEnumerable<string?> Slugs(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString());

    private Task<JsonElement> GetAsync(string rest) =>
        _server.Client.GetFromJsonAsync<JsonElement>("/api/v1/applications" + rest, Ct);

    private async Task<Guid> CreateAsync(string slug)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var made = await scope
            .ServiceProvider.GetRequiredService<ApplicationService>()
            .CreateAsync(
                new ApplicationInput
                {
                    Slug = slug,
                    Label = slug,
                    SpEntityId = "https://app.example.test/sp",
                    AcsEndpoints = ApplicationInput.AcsFrom(["https://app.example.test/acs"]),
                    UserIds = [(await users.FindByUsernameAsync(_mark, Ct))!.Id],
                    Active = true,
                },
                Ct
            );
        return made.Value.ShouldNotBeNull().Id;
    }
}

public sealed class ApplicationApiOnSqlite(SqliteDatabase database)
    : ApplicationApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class ApplicationApiOnPostgreSql(PostgreSqlDatabase database)
    : ApplicationApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
