using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>Authenticator apps and passkeys, as their owners meet them (J-73 to J-77).</summary>
public sealed class With_a_second_step(With_a_second_step.Place place, Chromium chromium)
    : IClassFixture<With_a_second_step.Place>
{
    private const string Password = "correct horse battery staple";

    [Theory]
    [InlineData(Look.Light, "ada")]
    [InlineData(Look.Dark, "fay")]
    [InlineData(Look.Phone, "bob")]
    [InlineData(Look.WithoutScripts, "cleo")]
    [Trait("Rule", "J-51")]
    [Trait("Rule", "J-73")]
    public async Task An_app_is_set_up_and_asked_for_at_the_next_sign_in(Look look, string user)
    {
        await using var walk = await Walk.StartAsync(chromium, place.Server, look);
        await PasswordAsync(walk, user);
        await walk.GoAsync("/security");
        await walk.Page.Locator("#authenticator").ClickAsync();
        await walk.ExamineAsync();
        await walk.Page.Locator("details.lk-more summary").ClickAsync();
        var secret = await walk
            .Page.Locator("details.lk-more input, details.lk-more textarea")
            .First.InputValueAsync();
        await walk.FillAsync("code", AuthenticatorApp.CodeOf(secret, DateTimeOffset.UtcNow));
        await walk.SubmitAsync();

        // The codes for the day the phone is lost come right after.
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        var codes = await walk.Page.Locator("main textarea").InputValueAsync();
        var recovery = codes.Split('\n')[0];

        await using var later = await Walk.StartAsync(chromium, place.Server, look);
        await PasswordAsync(later, user);
        await later.ExamineAsync();
        // Somebody else begins anew, and thinks better of it.
        await later.Page.Locator("#another").ClickAsync();
        await later.ExamineAsync();
        (await later.Page.Locator("input[name=username]").InputValueAsync()).ShouldBeEmpty();
        await later.FillAsync("username", user);
        await later.FillAsync("password", Password);
        await later.SubmitAsync();
        await later.FillAsync("code", recovery);
        await later.SubmitAsync();
        new Uri(later.Page.Url).AbsolutePath.ShouldBe("/");
        walk.Findings.Concat(later.Findings).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-77")]
    public async Task A_passkey_is_made_and_signs_in_without_a_password()
    {
        await using var walk = await Walk.StartAsync(chromium, place.Server, Look.Light);
        await AddAuthenticatorAsync(walk);
        await PasswordAsync(walk, "dora");
        await walk.Page.GotoAsync("/security/passkeys");
        await walk.FillAsync("name", "Laptop");
        await walk.Page.Locator("#add-passkey").ClickAsync();
        await walk.Page.WaitForURLAsync("**/security/recovery-codes");

        await walk.Page.Context.ClearCookiesAsync();
        await walk.Page.GotoAsync("/sign-in");
        await walk.Page.Locator("#use-passkey").ClickAsync();
        await walk.Page.WaitForURLAsync(place.Server.At("/"));
        walk.Findings.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-75")]
    [Trait("Rule", "J-77")]
    public async Task Who_is_asked_for_one_makes_a_passkey_on_the_way_in()
    {
        await using var walk = await Walk.StartAsync(chromium, place.Server, Look.Light);
        await PasswordAsync(walk, "gina");
        await walk.ExamineInEveryLookAsync();
        await walk.Page.Locator("#set-up-now").ClickAsync();
        await walk.Page.Locator(".lk-qr").WaitForAsync();
        await walk.ExamineInEveryLookAsync();
        // Examining ends what other tools of the browser have begun.
        await AddAuthenticatorAsync(walk);
        await walk.Page.Locator("#add-passkey").ClickAsync();
        await walk.Page.Locator("#kept").WaitForAsync();
        await walk.ExamineInEveryLookAsync();
        await walk.Page.Locator("#kept").ClickAsync();
        await walk.Page.WaitForURLAsync(place.Server.At("/"));
        walk.Findings.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-51")]
    [Trait("Rule", "J-73")]
    public async Task A_passkey_is_the_second_step_after_a_password()
    {
        await using var walk = await Walk.StartAsync(chromium, place.Server, Look.Light);
        await AddAuthenticatorAsync(walk);
        await PasswordAsync(walk, "emil");
        await walk.Page.GotoAsync("/security/passkeys");
        await walk.Page.Locator("#add-passkey").ClickAsync();
        await walk.Page.WaitForURLAsync("**/security/recovery-codes");

        await walk.Page.Context.ClearCookiesAsync();
        await PasswordAsync(walk, "emil");
        await walk.Page.Locator("#use-passkey").ClickAsync();
        await walk.Page.WaitForURLAsync(place.Server.At("/"));
        walk.Findings.ShouldBeEmpty();
    }

    private static async Task PasswordAsync(Walk walk, string user)
    {
        await walk.Page.GotoAsync("/sign-in");
        await walk.FillAsync("username", user);
        await walk.FillAsync("password", Password);
        await walk.SubmitAsync();
    }

    /// <summary>A platform authenticator whose user is always there and verified.</summary>
    private static async Task AddAuthenticatorAsync(Walk walk)
    {
        var session = await walk.Page.Context.NewCDPSessionAsync(walk.Page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport = "internal",
                    hasResidentKey = true,
                    hasUserVerification = true,
                    isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            }
        );
    }

    /// <summary>One server for all; everybody sets up a second step once.</summary>
    public sealed class Place : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Server = await ServerProcess.StartAsync(
                new ServerSetup
                {
                    Host = "localhost",
                    Bootstrap =
                        "users:\n"
                        + string.Concat(s_users.Select(User))
                        + $"  - {{ username: gina, email: gina@example.test, password: {Password}, role: owner }}\n",
                }
            );

        public ValueTask DisposeAsync() => Server.DisposeAsync();

        private static readonly string[] s_users = ["ada", "bob", "cleo", "dora", "emil", "fay"];

        private static string User(string name) =>
            $"  - {{ username: {name}, email: {name}@example.test, password: {Password} }}\n";
    }
}
