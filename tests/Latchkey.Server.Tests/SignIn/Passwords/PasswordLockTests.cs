using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>Wrong passwords slow whoever tries them, and nobody else (J-70).</summary>
public abstract class PasswordLockTests(TestIdentityProvider server)
{
    private const string Right = TestIdentityProvider.Password;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly SignInOrigin s_attacker = new(IPAddress.Parse("198.51.100.7"));
    private static readonly SignInOrigin s_owner = new(IPAddress.Parse("203.0.113.9"));

    private async Task<PasswordVerdict> VerifyAsync(
        User user,
        string password,
        SignInOrigin origin
    ) =>
        (
            await server.Service<PasswordService>().VerifyAsync(user.Username, password, origin, Ct)
        ).Verdict;

    private async Task GuessAsync(User user, SignInOrigin origin, int times)
    {
        for (var i = 0; i < times; i++)
            await VerifyAsync(user, "wrong", origin);
    }

    [Fact]
    public async Task Fifty_wrong_passwords_from_one_address_do_not_stop_the_user_elsewhere()
    {
        var user = await server.AddUserAsync();
        var attacker = new TestBrowser(server.Handler()) { Address = "198.51.100.50" };
        for (var i = 0; i < 50; i++)
            await SignInAsync(attacker, user, "wrong password");
        (await SignInAsync(attacker, user, Right)).ShouldBeFalse();

        var owner = new TestBrowser(server.Handler()) { Address = "203.0.113.50" };
        (await SignInAsync(owner, user, Right)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_address_that_goes_on_for_hours_does_not_stop_the_user_elsewhere()
    {
        var user = await server.AddUserAsync();
        for (var hour = 0; hour < 20; hour++)
        {
            await GuessAsync(user, s_attacker, 6);
            server.Clock.Advance(TimeSpan.FromMinutes(6));
        }
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    public async Task Of_many_guesses_sent_at_once_no_more_are_judged_than_may_be()
    {
        var user = await server.AddUserAsync();
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => VerifyAsync(user, "wrong", s_attacker))
        );
        verdicts.Count(v => v == PasswordVerdict.Wrong).ShouldBe(new PasswordRules().MaxTries);
    }

    [Fact]
    public async Task Guesses_from_several_addresses_lock_the_account_everywhere()
    {
        var user = await server.AddUserAsync();
        for (var i = 1; i <= 4; i++)
            await GuessAsync(user, new(IPAddress.Parse($"198.51.100.{i}")), 5);
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Locked);
    }

    [Fact]
    public async Task A_browser_that_is_known_gets_in_while_the_account_is_locked()
    {
        var user = await server.AddUserAsync();
        for (var i = 1; i <= 4; i++)
            await GuessAsync(user, new(IPAddress.Parse($"198.51.100.{i}")), 5);
        var known = s_owner with { Browser = "a browser", KnownTo = [Known(user)] };
        (await VerifyAsync(user, Right, known)).ShouldBe(PasswordVerdict.Correct);
        // And it lifts nothing for the others.
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Locked);
    }

    [Fact]
    public async Task A_browser_that_is_known_has_no_more_guesses_than_an_address()
    {
        var user = await server.AddUserAsync();
        var known = s_owner with { Browser = "a browser", KnownTo = [Known(user)] };
        await GuessAsync(user, known, 5);
        (await VerifyAsync(user, Right, known)).ShouldBe(PasswordVerdict.Locked);
    }

    [Fact]
    public async Task A_browser_that_is_known_to_somebody_else_counts_as_its_address()
    {
        var user = await server.AddUserAsync();
        var known = s_attacker with
        {
            Browser = "a browser",
            KnownTo = [new(Guid.NewGuid(), "GRACE", "grace@example.test")],
        };
        await GuessAsync(user, s_attacker, 5);
        (await VerifyAsync(user, Right, known)).ShouldBe(PasswordVerdict.Locked);
    }

    [Fact]
    public async Task A_subscriber_of_IPv6_is_one_address()
    {
        var user = await server.AddUserAsync();
        for (var i = 1; i <= 5; i++)
            await GuessAsync(user, new(IPAddress.Parse($"2001:db8:1:a{i:x2}::1")), 1);
        (await VerifyAsync(user, Right, new(IPAddress.Parse("2001:db8:1:aff::1")))).ShouldBe(
            PasswordVerdict.Locked
        );
        (await VerifyAsync(user, Right, new(IPAddress.Parse("2001:db8:1:b00::1")))).ShouldBe(
            PasswordVerdict.Correct
        );
    }

    [Fact]
    public async Task All_that_one_subscriber_of_IPv6_can_try_does_not_stop_the_user_elsewhere()
    {
        var user = await server.AddUserAsync();
        for (var i = 1; i <= 4; i++)
            await GuessAsync(user, new(IPAddress.Parse($"2001:db8:7:c{i:x2}::1")), 5);
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    public async Task Wrong_passwords_are_forgotten_after_a_while()
    {
        var user = await server.AddUserAsync();
        await GuessAsync(user, s_owner, 4);
        server.Clock.Advance(TimeSpan.FromMinutes(16));
        await GuessAsync(user, s_owner, 4);
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    [Trait("Rule", "J-70")]
    public async Task A_policy_may_lock_everywhere_at_once()
    {
        var user = await server.AddUserAsync();
        await PolicyAsync(new() { MaxTries = 3, LocksEverywhere = true }, user);
        await GuessAsync(user, s_attacker, 3);
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Locked);
        server.Clock.Advance(TimeSpan.FromMinutes(5.1));
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    [Trait("Rule", "J-70")]
    public async Task The_policy_says_after_how_many_and_for_how_long()
    {
        var user = await server.AddUserAsync();
        await PolicyAsync(
            new()
            {
                MaxTries = 3,
                LockoutMinutes = 60,
                ResetTriesMinutes = 60,
            },
            user
        );
        await GuessAsync(user, s_owner, 3);
        server.Clock.Advance(TimeSpan.FromMinutes(59));
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Locked);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    [Trait("Rule", "J-64")]
    public async Task An_administrator_sees_the_lock_and_lifts_it()
    {
        var user = await server.AddUserAsync();
        await GuessAsync(user, s_owner, 5);
        var admin = await server.BrowserAsync();
        await admin.OpenAsync($"/admin/users/{user.Id}");
        admin.Text("main").ShouldContain("Locked for 203.0.113.9");
        await admin.ClickAsync("#unlock");
        (await VerifyAsync(user, Right, s_owner)).ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    [Trait("Rule", "J-111")]
    public async Task The_owner_is_told_by_mail_once_however_often_it_locks()
    {
        var user = await server.AddUserAsync();
        var attacker = new TestBrowser(server.Handler()) { Address = "198.51.100.77" };
        for (var lockout = 0; lockout < 3; lockout++)
        {
            for (var i = 0; i < 5; i++)
                await SignInAsync(attacker, user, "wrong password");
            server.Clock.Advance(TimeSpan.FromMinutes(6));
        }
        (await server.EventsOfAsync(user)).Count(e => e.Type == EventTypes.UserLockout).ShouldBe(3);
        await Wait.UntilAsync(async () => await MailsAsync(user) == 1, () => "no mail");
        // What was put down before another user's lockout has been dealt with when that one's mail is there.
        var other = await server.AddUserAsync();
        for (var i = 0; i < 5; i++)
            await SignInAsync(attacker, other, "wrong password");
        await Wait.UntilAsync(async () => await MailsAsync(other) == 1, () => "no mail");
        (await MailsAsync(user)).ShouldBe(1);
    }

    private static KnownUser Known(User user) => new(user.Id, user.NormalizedUsername, user.Email);

    private async Task<int> MailsAsync(User user)
    {
        await using var db = server.Open();
        return await db.QueuedMails.CountAsync(
            m => m.UserId == user.Id && m.Template == "account_locked",
            Ct
        );
    }

    private async Task PolicyAsync(PasswordRules rules, User user)
    {
        var group = await server.GroupAsync(null, user);
        var made = await server.AskAsync<PasswordPolicyService, Outcome<PasswordPolicy>>(p =>
            p.CreateAsync(new($"For {user.Username}", rules, [group.Id]), Ct)
        );
        made.Problems.ShouldBeEmpty();
    }

    private static async Task<bool> SignInAsync(TestBrowser browser, User user, string password)
    {
        var page = await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync(page, ("username", user.Username), ("password", password));
        return browser.Cookie("__Host-latchkey") is not null;
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : PasswordLockTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : PasswordLockTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
