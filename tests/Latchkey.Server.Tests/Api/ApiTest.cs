using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>A server on a database of the class, and an administrator's token that may do everything.</summary>
public abstract class ApiTest(TestDatabase database) : IAsyncLifetime
{
    /// <summary>In every name this test makes: the database is shared by the tests of its class.</summary>
    protected string Mark { get; } = "m" + Guid.NewGuid().ToString("N")[..10];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected TestServer Server { get; private set; } = null!;

    private protected HttpClient Client => Server.Client;

    private protected TestDatabase Database => database;

    /// <summary>The administrator whom the tokens act for.</summary>
    private protected User Administrator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(database);
        Administrator = await WithAsync<UserService, User>(async users =>
            (
                await users.CreateAsync(
                    new UserInput
                    {
                        Username = Mark,
                        Email = $"{Mark}@example.test",
                        Role = Role.Owner,
                    },
                    Ct
                )
            ).Value!
        );
        Use(await TokenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }

    /// <summary>A token with these scopes; with none, one that may do everything.</summary>
    protected Task<string> TokenAsync(params string[] scopes) =>
        WithAsync<ApiTokenService, string>(async tokens =>
            (
                await tokens.CreateAsync(
                    "test",
                    Administrator.Id,
                    scopes.Length == 0 ? null : scopes,
                    expiresAt: null,
                    Ct
                )
            )
                .Value!
                .Secret
        );

    /// <summary>A token that may do everything that somebody of this role may.</summary>
    private protected async Task<string> TokenOfAsync(Role role)
    {
        var user = await AddUserAsync(role.ToString().ToLowerInvariant(), role);
        return await WithAsync<ApiTokenService, string>(async tokens =>
            (await tokens.CreateAsync("test", user.Id, Ct)).Value!.Secret
        );
    }

    /// <summary>An active user.</summary>
    /// <param name="name">Behind <see cref="Mark"/>.</param>
    /// <param name="role">None for somebody who administers nothing.</param>
    private protected Task<User> AddUserAsync(string name, Role? role = null) =>
        WithAsync<UserService, User>(async users =>
            (
                await users.CreateAsync(
                    new UserInput
                    {
                        Username = $"{Mark}-{name}",
                        Email = $"{Mark}-{name}@example.test",
                        State = UserState.Activated,
                        Role = role,
                    },
                    Ct
                )
            ).Value!
        );

    protected void Use(string token) =>
        Client.DefaultRequestHeaders.Authorization = new("Bearer", token);

    private protected async Task<TResult> WithAsync<TService, TResult>(
        Func<TService, Task<TResult>> use
    )
        where TService : notnull
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <param name="method">GET, POST, PATCH, PUT or DELETE.</param>
    /// <param name="path">Below <c>/api/v1</c>.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">Names and values.</param>
    protected async Task<Answer> SendAsync(
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (json is not null)
        {
            request.Content = new StringContent(json, null, "application/json");
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Client.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        OpenApiCheck.Answer(
            await OpenApiCheck.DocumentAsync(Client, Ct),
            method,
            path,
            response,
            text
        );
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.ETag?.Tag,
            response.Headers.TryGetValues("Idempotency-Replayed", out _),
            text
        );
    }

    /// <summary>What a call was answered.</summary>
    public sealed record Answer(
        int Status,
        string? MediaType,
        string? ETag,
        bool Replayed,
        string Text
    )
    {
        public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

        public JsonElement this[string field] => Json.GetProperty(field);

        /// <summary>Status, and code and field of each problem.</summary>
        public IEnumerable<string> Problems =>
            Json.GetProperty("problems")
                .EnumerateArray()
                .Select(p => $"{Status} {p.GetProperty("code")} {p.GetProperty("field")}".Trim());
    }
}
