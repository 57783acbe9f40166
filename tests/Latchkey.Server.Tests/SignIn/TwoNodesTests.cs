using System.Security.Cryptography;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Tests.Storage;
using Latchkey.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>Two nodes on one PostgreSQL: nothing of a sign-in is only in one of them.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private PostgresDatabase _database = null!;
    private WebApplication _first = null!;
    private WebApplication _second = null!;
    private User _user = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await MigratedDatabases.CopyAsync();
        _first = await NodeAsync();
        _second = await NodeAsync();
        await using var scope = _first.Services.CreateAsyncScope();
        var made = await scope
            .ServiceProvider.GetRequiredService<UserService>()
            .CreateAsync(
                new UserInput
                {
                    Username = "ada",
                    Email = "ada@example.test",
                    Password = Password,
                }
            );
        _user = made.Value!;
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_sign_in_on_one_counts_on_the_other_and_its_end_on_the_first_is_seen_there_at_once()
    {
        var (first, second) = (Browser(_first), Browser(_second));
        await SignInAsync(first);
        Take(first, second);
        (await second.OpenAsync("/")).Address.ShouldBe("/");

        await first.SubmitAsync(await first.OpenAsync("/sign-out"));
        (await second.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_suspension_on_one_node_ends_the_session_on_the_other_at_the_next_request()
    {
        var second = Browser(_second);
        await SignInAsync(second);
        await using var scope = _first.Services.CreateAsyncScope();
        var suspended = await scope
            .ServiceProvider.GetRequiredService<Latchkey.Server.Directory.Accounts.UserStates>()
            .ChangeAsync(_user.Id, UserState.Suspended, null, Ct);
        suspended.Problems.ShouldBeEmpty();
        (await second.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task An_administrators_ending_on_one_node_is_seen_on_the_other_at_the_next_request()
    {
        var second = Browser(_second);
        await SignInAsync(second);
        await using var scope = _first.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<SessionEnding>()
            .EndAsync(_user.Id, null, null, Ct);
        (await second.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_shorter_setting_on_one_node_counts_on_the_other()
    {
        var second = Browser(_second);
        await SignInAsync(second);
        await using var scope = _first.Services.CreateAsyncScope();
        var saved = await scope
            .ServiceProvider.GetRequiredService<SessionSettingsService>()
            .SaveAsync(SessionSettings.Default with { IdleMinutes = 7 }, Ct);
        saved.Problems.ShouldBeEmpty();
        var found = await _second
            .Services.GetRequiredService<SessionService>()
            .FindAsync(second.Cookie("__Host-latchkey")!, Ct);
        found!.Session.IdleSeconds.ShouldBe(7 * 60);
    }

    [Fact]
    public async Task A_step_begun_on_one_node_is_finished_on_the_other()
    {
        await using (var scope = _first.Services.CreateAsyncScope())
        {
            var set = await scope
                .ServiceProvider.GetRequiredService<UserPasswords>()
                .SetAsync(_user.Id, "set by an administrator", mustChange: true, Ct);
            set.Problems.ShouldBeEmpty();
        }
        var (first, second) = (Browser(_first), Browser(_second));
        var page = await first.OpenAsync("/sign-in");
        page = await first.SubmitAsync(
            page,
            ("username", "ada"),
            ("password", "set by an administrator")
        );
        page.Title.ShouldBe("Choose a new password");
        Take(first, second);
        page = await second.OpenAsync(page.Address);
        page = await second.SubmitAsync(
            page,
            ("password", "seven umbrellas in june"),
            ("again", "seven umbrellas in june")
        );
        page.Address.ShouldBe("/");
    }

    [Fact]
    public async Task The_password_is_taken_on_one_node_the_code_on_the_other_and_the_session_counts_on_both()
    {
        var secret = await EnrolAsync();
        var (first, second) = (Browser(_first), Browser(_second));
        var page = await first.OpenAsync("/sign-in");
        page = await first.SubmitAsync(page, ("username", "ada"), ("password", Password));
        Take(first, second);
        page = await second.OpenAsync(page.Address);
        // The step after the one that set it up; nobody waits for its time.
        var code = Totp.CodeOf(secret, Totp.StepOf(DateTimeOffset.UtcNow) + 1);
        page = await second.SubmitAsync(page, ("code", code));
        page.Address.ShouldBe("/");
        Take(second, first);
        (await first.OpenAsync("/")).Address.ShouldBe("/");

        var other = Browser(_first);
        page = await other.OpenAsync("/sign-in");
        page = await other.SubmitAsync(page, ("username", "ada"), ("password", Password));
        await other.SubmitAsync(page, ("code", code));
        (await other.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    /// <summary>Sets an authenticator app up, begun on one node and finished on the other.</summary>
    private async Task<byte[]> EnrolAsync()
    {
        var place = Guid.CreateVersion7();
        await using var scope = _first.Services.CreateAsyncScope();
        var begun = scope
            .ServiceProvider.GetRequiredService<EventRecorder>()
            .New(EventTypes.TotpStartEnrollment, success: true);
        var secret = await scope
            .ServiceProvider.GetRequiredService<AuthenticatorService>()
            .BeginAsync(_user.Id, place, begun, Ct);
        await using var other = _second.Services.CreateAsyncScope();
        var verdict = await other
            .ServiceProvider.GetRequiredService<FactorSetup>()
            .ConfirmAuthenticatorAsync(
                _user,
                place,
                Totp.CodeOf(secret, Totp.StepOf(DateTimeOffset.UtcNow)),
                Ct
            );
        verdict.ShouldBe(FactorVerdict.Right);
        return secret!;
    }

    private static async Task SignInAsync(TestBrowser browser)
    {
        var page = await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync(page, ("username", "ada"), ("password", Password));
        (await browser.OpenAsync("/")).Address.ShouldBe("/");
    }

    /// <summary>The same browser, sent to the other node.</summary>
    private static void Take(TestBrowser from, TestBrowser to)
    {
        foreach (var (name, value) in from.Cookies)
            to.SetCookie(name, value);
    }

    private static TestBrowser Browser(WebApplication node) =>
        new(node.GetTestServer().CreateHandler());

    private async Task<WebApplication> NodeAsync()
    {
        var options = EnvironmentReader.Read(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LATCHKEY_PUBLIC_URL"] = TestIdentityProvider.Origin,
                ["LATCHKEY_DATABASE"] = _database.Address,
                ["LATCHKEY_DATA"] = _folder.Path,
                ["LATCHKEY_MASTER_KEY"] = Convert.ToBase64String(SHA256.HashData("two nodes"u8)),
            }
        );
        var app = Program.Build(
            [],
            options,
            builder =>
            {
                builder.WebHost.UseTestServer(server =>
                    server.BaseAddress = new Uri(TestIdentityProvider.Origin)
                );
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton(new SignInLimits { PasswordRounds = 1000 });
            }
        );
        await ServerStart.RunAsync(app.Services, TextWriter.Null, CancellationToken.None);
        await app.StartAsync(Ct);
        return app;
    }
}
