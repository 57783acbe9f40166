using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

/// <summary>A token can be made for a time, and counts for no longer.</summary>
public sealed class TokenLifetimeTests(SqliteIdentityProvider server)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_counts_until_its_time_is_over()
    {
        var owner = await OwnerAsync();
        var made = await MakeAsync(owner, server.Clock.GetUtcNow().AddDays(30));
        var before = await CallAsync(made.Secret, HttpMethod.Get, "/tokens");

        server.Clock.Advance(TimeSpan.FromDays(30));

        (await CallAsync(made.Secret, HttpMethod.Get, "/tokens"), before).ShouldBe((401, 200));
    }

    [Fact]
    public async Task A_time_that_is_past_is_refused() =>
        (await TryAsync(await OwnerAsync(), server.Clock.GetUtcNow()))
            .Problems.Select(p => p.Code)
            .ShouldBe(["token-expiry-past"]);

    [Fact]
    public async Task A_token_makes_none_that_outlives_it()
    {
        var owner = await OwnerAsync();
        var until = server.Clock.GetUtcNow().AddDays(7);
        var made = await MakeAsync(owner, until);

        var longer = await CallAsync(
            made.Secret,
            HttpMethod.Post,
            "/tokens",
            $$"""{"name": "Longer", "expires_at": "{{until.AddDays(1):O}}"}"""
        );
        var open = await CallAsync(made.Secret, HttpMethod.Post, "/tokens", """{"name": "Open"}""");

        (longer, open).ShouldBe((403, 201));
        await using var db = server.Open();
        (
            await db.ApiTokens.SingleAsync(t => t.UserId == owner.Id && t.Name == "Open", Ct)
        ).ExpiresAt.ShouldBe(until);
    }

    [Fact]
    public async Task The_page_makes_one_for_a_time_and_says_until_when()
    {
        var browser = await server.BrowserAsync(await OwnerAsync());
        await browser.OpenAsync("/admin/settings/tokens");
        browser.Type("[name='Input.Name']", "For a while");
        browser.Type("#Input_Days", "90");

        await browser.ClickAsync("main .lk-actions button");

        await using var db = server.Open();
        (await db.ApiTokens.SingleAsync(t => t.Name == "For a while", Ct)).ExpiresAt.ShouldBe(
            server.Clock.GetUtcNow().AddDays(90)
        );
        browser.Text("#list").ShouldContain("For a while");
    }

    [Fact]
    public async Task The_page_ends_no_token_of_somebody_who_may_do_more()
    {
        var made = await MakeAsync(await OwnerAsync(), null);
        var browser = await server.BrowserAsync(
            await server.AddUserAsync(u => u.Role = Role.Administrator)
        );
        await browser.OpenAsync("/admin/settings/tokens");
        browser.Page.QuerySelector($"#delete-{made.Token.Id}").ShouldBeNull();

        await browser.PostAsync($"/admin/settings/tokens/{made.Token.Id}/delete", "");

        browser.Text("main").ShouldContain("may do more than you");
        await using var db = server.Open();
        (await db.ApiTokens.AnyAsync(t => t.Id == made.Token.Id, Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_command_makes_one_for_so_many_days()
    {
        var owner = await OwnerAsync();

        var (code, _) = await RunAsync(
            "token",
            "create",
            "Job",
            "--for",
            owner.Username,
            "--days",
            "7"
        );

        code.ShouldBe(0);
        await using var db = server.Open();
        var made = await db.ApiTokens.SingleAsync(t => t.UserId == owner.Id, Ct);
        (made.ExpiresAt - made.CreatedAt)!.Value.TotalDays.ShouldBe(7, tolerance: 0.01);
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--days", "soon")]
    [InlineData("--days")]
    [InlineData("--days", "7", "--days", "8")]
    [InlineData("--hours", "7")]
    public async Task What_makes_no_sense_is_refused(params string[] options)
    {
        var (code, errors) = await RunAsync(["token", "create", "Job", "--for", "ada", .. options]);

        code.ShouldBe(2);
        errors.ShouldStartWith("usage: ");
    }

    private async Task<(int Code, string Errors)> RunAsync(params string[] args)
    {
        await using var errors = new StringWriter();
        var code = await TokenCommand.RunAsync(args, server.Options, TextWriter.Null, errors);
        return (code, errors.ToString());
    }

    private Task<User> OwnerAsync() => server.AddUserAsync(u => u.Role = Role.Owner);

    private Task<Problems.Outcome<NewApiToken>> TryAsync(User user, DateTimeOffset? until) =>
        server.AskAsync<ApiTokenService, Problems.Outcome<NewApiToken>>(tokens =>
            tokens.CreateAsync("test", user.Id, scopes: null, until, Ct)
        );

    private async Task<NewApiToken> MakeAsync(User user, DateTimeOffset? until) =>
        (await TryAsync(user, until)).Value!;

    private async Task<int> CallAsync(
        string secret,
        HttpMethod method,
        string path,
        string? body = null
    )
    {
        using var client = new HttpClient(server.Handler());
        using var request = new HttpRequestMessage(
            method,
            $"{TestIdentityProvider.Origin}/api/v1{path}"
        );
        request.Headers.Authorization = new("Bearer", secret);
        if (body is not null)
        {
            request.Content = new StringContent(body, null, "application/json");
        }
        using var answer = await client.SendAsync(request, Ct);
        return (int)answer.StatusCode;
    }
}
