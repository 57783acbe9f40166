using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Passkeys: alone they sign in, as a second step they finish a sign-in, and what is not in order with one opens nothing.</summary>
public abstract class PasskeyTests(PasskeyTests.Host host)
{
    private const string Cookie = "__Host-latchkey";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<(User User, TestPasskey Passkey)> OwnerAsync(Action<User>? adjust = null)
    {
        var user = await host.AddUserAsync();
        var passkey = new TestPasskey();
        var page = await passkey.AddAsync(await host.SignedInAsync(user), "Laptop");
        page.Address.ShouldBe("/security/recovery-codes");
        if (adjust is not null)
            await host.ChangeAsync(user, adjust);
        return (user, passkey);
    }

    private async Task<(TestPage Page, TestBrowser Browser)> SignInAsync(
        TestPasskey passkey,
        string? address = null
    )
    {
        var browser = new TestBrowser(host.Handler()) { Address = address };
        var page = await passkey.UseAsync(browser, await browser.OpenAsync("/sign-in"));
        return (page, browser);
    }

    private async Task<bool> SignsInAsync(TestPasskey passkey, string? address = null) =>
        (await SignInAsync(passkey, address)).Browser.Cookie(Cookie) is not null;

    [Fact]
    public async Task A_passkey_signs_in_alone_and_counts_for_two_factors()
    {
        var (user, passkey) = await OwnerAsync();
        var (page, browser) = await SignInAsync(passkey);
        page.Address.ShouldBe("/");
        var session = await host.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        (session!.User.Id, session.Session.Methods).ShouldBe((user.Id, "hwk user mfa"));
    }

    [Fact]
    public async Task It_is_the_second_step_after_a_password()
    {
        var (user, passkey) = await OwnerAsync();
        var browser = host.NewBrowser();
        var page = await PasswordAsync(browser, user);
        page.Title.ShouldBe("One more step");
        page = await passkey.UseAsync(browser, page);
        page.Address.ShouldBe("/");
    }

    [Fact]
    public async Task An_authenticator_that_does_not_check_its_user_cannot_be_added()
    {
        var browser = await host.SignedInAsync(await host.AddUserAsync());
        var page = await new TestPasskey { VerifiesUser = false }.AddAsync(browser, "Key");
        page.Address.ShouldStartWith("/security/passkeys");
        page.Text.ShouldContain("was not accepted");
    }

    [Fact]
    public async Task One_that_did_not_check_its_user_this_time_opens_nothing()
    {
        var (_, passkey) = await OwnerAsync();
        passkey.VerifiesUser = false;
        (await SignsInAsync(passkey)).ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_was_asked_by_another_site_opens_nothing()
    {
        var (_, passkey) = await OwnerAsync();
        passkey.Origin = "https://id.example.test.evil.example";
        (await SignsInAsync(passkey)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_counts_once_and_for_its_own_challenge_only()
    {
        var (_, passkey) = await OwnerAsync();
        var browser = host.NewBrowser();
        var page = await browser.OpenAsync("/sign-in");
        var (first, answer) = await passkey.AnswerAsync(browser, page);
        var (second, _) = await passkey.AnswerAsync(browser, page);
        await TestPasskey.SendAsync(browser, page, second, answer);
        browser.Cookie(Cookie).ShouldBeNull();

        await TestPasskey.SendAsync(browser, page, first, answer);
        browser.Cookie(Cookie).ShouldNotBeNull();
        browser.SetCookie(Cookie, SessionService.NewSecret());
        await TestPasskey.SendAsync(browser, page, first, answer);
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Somebody_elses_passkey_is_no_second_step()
    {
        var (user, _) = await OwnerAsync();
        var (_, foreign) = await OwnerAsync();
        var browser = host.NewBrowser();
        await foreign.UseAsync(browser, await PasswordAsync(browser, user));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(UserState.Suspended))]
    [InlineData(nameof(UserState.Staged))]
    public async Task Whoever_is_not_active_is_let_in_by_no_passkey(string state)
    {
        var (user, passkey) = await OwnerAsync(u => u.State = Enum.Parse<UserState>(state));
        (await SignsInAsync(passkey)).ShouldBeFalse();
        (await host.EventsOfAsync(user)).Last().FindingCode.ShouldBe("user-not-active");
    }

    [Fact]
    public async Task No_lock_of_account_address_name_or_app_stops_a_passkey()
    {
        var (user, passkey) = await OwnerAsync(u =>
            u.LockoutEnd = host.Clock.GetUtcNow().AddHours(1)
        );
        const string Attacked = "198.51.100.199";
        for (var i = 0; i < 55; i++)
            await WrongPasswordAsync(i % 2 == 0 ? user.Username : $"nobody{i}", Attacked);
        (await WrongPasswordAsync(user.Username, Attacked)).Text.ShouldContain("Too many tries");
        await AuthenticatorApp.EnrolAsync(host, user);
        await LockAsync(user);
        (await SignsInAsync(passkey, Attacked)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_passkey_that_is_taken_away_while_it_is_used_stays_away_and_opens_nothing()
    {
        var (user, passkey) = await OwnerAsync();
        host.Hook.AfterCheck = async () =>
        {
            await using var database = host.Open();
            await database.Passkeys.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(Ct);
        };
        (await SignsInAsync(passkey)).ShouldBeFalse();
        await using var now = host.Open();
        (await now.Passkeys.AnyAsync(p => p.UserId == user.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Several_are_told_apart_by_name_and_last_use()
    {
        var (user, laptop) = await OwnerAsync();
        var browser = host.NewBrowser();
        await laptop.UseAsync(browser, await browser.OpenAsync("/sign-in"));
        await new TestPasskey().AddAsync(browser, "Key at the keyring");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await SignsInAsync(laptop)).ShouldBeTrue();

        var page = await browser.OpenAsync("/security/passkeys");
        page.Document.QuerySelectorAll("tbody input[name=name]")
            .Select(i => i.GetAttribute("value"))
            .ShouldBe(["Laptop", "Key at the keyring"]);
        await using var database = host.Open();
        var used = await database
            .Passkeys.Where(p => p.UserId == user.Id)
            .OrderBy(p => p.CreatedAt)
            .Select(p => p.LastUsedAt)
            .ToListAsync(Ct);
        used.ShouldBe([host.Clock.GetUtcNow(), null]);
    }

    [Fact]
    public async Task A_passkey_that_was_added_is_told_by_event_and_mail()
    {
        var (user, _) = await OwnerAsync();
        (await host.EventsAboutAsync(user)).ShouldContain(e => e.Type == EventTypes.PasskeyCreate);
        await using var database = host.Open();
        (
            await database.QueuedMails.CountAsync(
                m => m.UserId == user.Id && m.Template == "factors_changed",
                Ct
            )
        ).ShouldBe(1);
    }

    private async Task LockAsync(User user)
    {
        await using var database = host.Open();
        DateTimeOffset? end = host.Clock.GetUtcNow().AddMinutes(15);
        await database
            .Authenticators.Where(a => a.UserId == user.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.LockedUntil, end), Ct);
    }

    private async Task<TestPage> WrongPasswordAsync(string name, string address)
    {
        var browser = new TestBrowser(host.Handler()) { Address = address };
        var page = await browser.OpenAsync("/sign-in");
        return await browser.SubmitAsync(page, ("username", name), ("password", "wrong"));
    }

    private static async Task<TestPage> PasswordAsync(TestBrowser browser, User user)
    {
        var page = await browser.OpenAsync("/sign-in");
        return await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
    }

    /// <summary>What happens between the check of a passkey and what follows from it.</summary>
    internal sealed class CheckHook
    {
        public Func<Task>? AfterCheck { get; set; }
    }

    public abstract class Host(Engine engine) : TestIdentityProvider(engine)
    {
        internal CheckHook Hook { get; } = new();

        protected override void Adjust(IServiceCollection services)
        {
            services.AddSingleton(Hook);
            services.AddScoped<PasskeyHandler<User>>();
            services.AddScoped<IPasskeyHandler<User>, Interrupted>();
        }
    }

    private sealed class Interrupted(PasskeyHandler<User> real, CheckHook hook)
        : IPasskeyHandler<User>
    {
        public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(
            PasskeyUserEntity userEntity,
            HttpContext httpContext
        ) => real.MakeCreationOptionsAsync(userEntity, httpContext);

        public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(
            User? user,
            HttpContext httpContext
        ) => real.MakeRequestOptionsAsync(user, httpContext);

        public Task<PasskeyAttestationResult> PerformAttestationAsync(
            PasskeyAttestationContext context
        ) => real.PerformAttestationAsync(context);

        public async Task<PasskeyAssertionResult<User>> PerformAssertionAsync(
            PasskeyAssertionContext context
        )
        {
            var result = await real.PerformAssertionAsync(context);
            if (hook.AfterCheck is { } happens)
            {
                hook.AfterCheck = null;
                await happens();
            }
            return result;
        }
    }

    public sealed class SqliteHost() : Host(Engine.Sqlite);

    public sealed class PostgreSqlHost() : Host(Engine.PostgreSql);

    public sealed class OnSqlite(SqliteHost host) : PasskeyTests(host), IClassFixture<SqliteHost>;

    public sealed class OnPostgreSql(PostgreSqlHost host)
        : PasskeyTests(host),
            IClassFixture<PostgreSqlHost>;
}
