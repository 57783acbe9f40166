using System.Net;
using Latchkey.Cli.Server;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

public abstract class ApplyCommandTests(TestDatabase database) : IAsyncLifetime
{
    private const string Metadata = """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://docs.example.test/sp">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://docs.example.test/acs" index="0"/>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>
        """;

    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private TestServer _server = null!;
    private string _token = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(database);
        await using var scope = _server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var root =
            await users.FindByUsernameAsync("root", Ct)
            ?? (
                await users.CreateAsync(
                    new UserInput
                    {
                        Username = "root",
                        Email = "root@example.test",
                        Role = Role.Owner,
                    },
                    Ct
                )
            ).Value!;
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokenService>();
        _token = (await tokens.CreateAsync("test", root.Id, Ct)).Value!.Secret;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _errors.Dispose();
        _output.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_plan_is_shown_and_then_applied_with_the_metadata_file_beside_it()
    {
        var slug = Name();
        var file = await WriteAsync(
            $"applications:\n  - slug: {slug}\n    sp_metadata: ./sp.xml\n    label: Docs\n"
        );

        (await ApplyAsync(file, plan: true)).ShouldBe(ExitCodes.Done);
        _output.ToString().ShouldContain($"+ application {slug}");
        _output.ToString().ShouldContain("1 to create, 0 to change, 0 unchanged.");
        (await ApplyAsync(file)).ShouldBe(ExitCodes.Done);
        (await ApplyAsync(file)).ShouldBe(ExitCodes.Done);
        _output.ToString().ShouldContain("No difference: 1 unchanged.");

        await using var db = database.Open();
        var stored = await db.Applications.SingleAsync(a => a.Slug == slug, Ct);
        stored.SpEntityId.ShouldBe("https://docs.example.test/sp");
        (
            await db.Events.SingleAsync(
                e => e.Type == EventTypes.ApplicationCreate && e.TargetId == stored.Id,
                Ct
            )
        ).ActorName.ShouldBe("root");
    }

    [Fact]
    public async Task A_change_is_shown_field_by_field()
    {
        var user = Name();
        await ApplyAsync(
            await WriteAsync($"users:\n  - {{ username: {user}, email: {user}@example.test }}\n")
        );

        await ApplyAsync(
            await WriteAsync($"users:\n  - {{ username: {user}, job_title: Countess }}\n")
        );

        _output.ToString().ShouldContain($"~ user {user}");
        _output.ToString().ShouldContain("job_title: (none) → \"Countess\"");
    }

    [Fact]
    public async Task Problems_are_printed_with_file_and_line_and_end_with_1()
    {
        var file = await WriteAsync("users:\n  - { usernam: ada }\n");

        (await ApplyAsync(file)).ShouldBe(ExitCodes.Refused);

        _errors
            .ToString()
            .ShouldContain(
                $"{file}:2: There is no key “usernam” in the user; did you mean “username”?"
            );
    }

    [Fact]
    public async Task A_missing_metadata_file_is_a_problem_of_its_line()
    {
        var file = await WriteAsync("applications:\n  - slug: a\n    sp_metadata: nowhere.xml\n");

        (await ApplyAsync(file)).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldContain($"{file}:3: ");
        _errors.ToString().ShouldContain("nowhere.xml");
    }

    [Fact]
    public async Task A_wrong_token_is_refused_with_a_sentence_and_2()
    {
        var file = await WriteAsync("users: []\n");
        _token = "lk_wrong";

        (await ApplyAsync(file)).ShouldBe(ExitCodes.Failed);

        _errors.ToString().ShouldContain("does not take the token");
    }

    [Fact]
    public async Task A_token_of_somebody_who_is_no_administrator_any_more_opens_nothing()
    {
        var name = Name();
        Guid id;
        string secret;
        await using (var scope = _server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserService>();
            var input = new UserInput
            {
                Username = name,
                Email = $"{name}@example.test",
                Role = Role.Owner,
            };
            id = (await users.CreateAsync(input, Ct)).Value!.Id;
            var tokens = scope.ServiceProvider.GetRequiredService<ApiTokenService>();
            secret = (await tokens.CreateAsync("short-lived", id, Ct)).Value!.Secret;
            await users.UpdateAsync(id, input with { Role = null }, null, Ct);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/apply");
        request.Headers.Authorization = new("Bearer", secret);

        using var answer = await _server.Client.SendAsync(request, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static string Name() => "n" + Guid.NewGuid().ToString("N")[..12];

    private Task<int> ApplyAsync(FileInfo file, bool plan = false) =>
        new ApplyCommand(_output, _errors, _server.Transport()).RunAsync(
            file,
            new ServerAddress(new Uri("http://127.0.0.1:8080"), _token),
            plan,
            Ct
        );

    private async Task<FileInfo> WriteAsync(string text)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(database.Folder, Name()));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sp.xml"), Metadata, Ct);
        var file = Path.Combine(folder.FullName, "declaration.yaml");
        await File.WriteAllTextAsync(file, text, Ct);
        return new FileInfo(file);
    }
}

public sealed class ApplyCommandOnSqlite(SqliteDatabase database)
    : ApplyCommandTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class ApplyCommandOnPostgreSql(PostgreSqlDatabase database)
    : ApplyCommandTests(database),
        IClassFixture<PostgreSqlDatabase>;
