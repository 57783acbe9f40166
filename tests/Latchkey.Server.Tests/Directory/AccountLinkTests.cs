using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.Mail;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Links that set a password: by invitation, and for who forgot it.</summary>
public abstract class AccountLinkTests(TestIdentityProvider server) : DirectoryTest(server)
{
    private const string NewPassword = "a quite new passphrase";

    [Fact]
    public async Task A_link_sets_the_password_once()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var link = await LinkAsync(user);
        var browser = Server.NewBrowser();

        var done = await SetAsync(browser, link);

        done.Address.ShouldBe("/sign-in");
        var portal = await browser.SubmitAsync(
            done,
            ("username", user.Username),
            ("password", NewPassword)
        );
        portal.Address.ShouldBe("/");
        // Used up: for the same browser and for any other.
        (await Server.NewBrowser().OpenAsync(link)).Title.ShouldBe(
            "This link does not work any more"
        );
    }

    [Fact]
    public async Task A_scanner_that_opens_the_link_changes_nothing()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var link = await LinkAsync(user);
        for (var i = 0; i < 3; i++)
        {
            (await Server.NewBrowser().OpenAsync(link)).Title.ShouldBe("Choose a password");
        }

        (await SetAsync(Server.NewBrowser(), link)).Address.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task A_post_from_a_foreign_page_is_refused()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var link = await LinkAsync(user);

        await Server
            .NewBrowser()
            .PostAsync(
                link,
                new Dictionary<string, string>
                {
                    ["password"] = NewPassword,
                    ["again"] = NewPassword,
                },
                "cross-site"
            );

        (await FindAsync(user)).PasswordHash.ShouldBeNull();
    }

    [Fact]
    public async Task A_link_runs_out()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var link = await LinkAsync(user);

        Server.Clock.Advance(AccountLinks.ActivationLifetime);

        (await Server.NewBrowser().OpenAsync(link)).Title.ShouldBe(
            "This link does not work any more"
        );
    }

    [Fact]
    public async Task A_link_that_is_forwarded_late_is_harmless()
    {
        var user = await Server.AddUserAsync();
        await AskAsync(user.Email);
        var link = await LinkAsync(user);

        Made(
            await Server.AskAsync<UserPasswords, Outcome<PasswordGiven>>(p =>
                p.SetAsync(user.Id, NewPassword, cancellationToken: Ct)
            )
        );

        (await Server.NewBrowser().OpenAsync(link)).Title.ShouldBe(
            "This link does not work any more"
        );
    }

    [Fact]
    public async Task Who_asks_for_a_new_password_does_not_end_the_invitation()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var invitation = await LinkAsync(user);

        await AskAsync(user.Username);

        (await SetAsync(Server.NewBrowser(), invitation)).Address.ShouldBe("/sign-in");
        await using var db = Server.Open();
        (await db.AccountLinks.CountAsync(l => l.UserId == user.Id, Ct)).ShouldBe(0);
    }

    [Theory]
    [InlineData("address")]
    [InlineData("suspended")]
    public async Task A_link_made_for_another_address_or_state_ends(string what)
    {
        var user = await Server.AddUserAsync();
        await AskAsync(user.Username);
        var link = await LinkAsync(user);
        var input = UserInput.From(user);

        Made(
            await UsersAsync(users =>
                users.UpdateAsync(
                    user.Id,
                    what == "address"
                        ? input with
                        {
                            RecoveryEmail = "elsewhere@example.test",
                        }
                        : input with
                        {
                            State = UserState.Suspended,
                        },
                    null,
                    Ct
                )
            )
        );

        (await Server.NewBrowser().OpenAsync(link)).Title.ShouldBe(
            "This link does not work any more"
        );
    }

    [Fact]
    public async Task Whose_password_an_administrator_sets_is_told_at_every_address()
    {
        var user = await Server.AddUserAsync(u => u.RecoveryEmail = $"{u.Username}@recovery.test");

        Made(
            await Server.AskAsync<UserPasswords, Outcome<PasswordGiven>>(p =>
                p.SetAsync(user.Id, NewPassword, cancellationToken: Ct)
            )
        );
        Made(
            await UsersAsync(users =>
                users.UpdateAsync(
                    user.Id,
                    UserInput.From(user) with
                    {
                        Password = NewPassword + " again",
                    },
                    null,
                    Ct
                )
            )
        );

        (await MailsAsync(user)).ShouldBe(
            [
                ("password_set", user.Email),
                ("password_set", user.RecoveryEmail!),
                ("password_set", user.Email),
                ("password_set", user.RecoveryEmail!),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task Of_two_who_use_a_link_at_once_one_sets_the_password()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var secret = (await LinkAsync(user)).Split("key=")[1];

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    Server.AskAsync<UserPasswords, Outcome<User>>(p =>
                        p.SetByLinkAsync(secret, $"{NewPassword} {i}", null, Ct)
                    )
                )
        );

        outcomes.Count(o => o.Ok).ShouldBe(1);
    }

    [Fact]
    public async Task The_link_is_not_readable_in_the_database()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var secret = (await LinkAsync(user)).Split("key=")[1];
        await using var db = Server.Open();

        var stored = await db.AccountLinks.SingleAsync(l => l.UserId == user.Id, Ct);

        Convert.ToBase64String(stored.TokenHash).ShouldNotContain(secret[..8]);
        stored.TokenHash.Length.ShouldBe(32);
    }

    [Fact]
    [Trait("Rule", "J-47")]
    public async Task Who_forgot_the_password_chooses_a_new_one_in_any_browser_and_is_told()
    {
        var user = await Server.AddUserAsync(u => u.RecoveryEmail = $"{u.Username}@recovery.test");
        var before = await Server.SignedInAsync(user);

        await AskAsync(user.Username);
        var link = await LinkAsync(user);
        (await MailsAsync(user)).ShouldBe([("password_reset", user.RecoveryEmail!)]);
        await SetAsync(Server.NewBrowser(), link);

        // Told at every address, and the session that was open is over.
        (await MailsAsync(user))
            .Where(m => m.Item1 == "password_changed")
            .Select(m => m.Item2)
            .ShouldBe([user.Email, user.RecoveryEmail!], ignoreOrder: true);
        (await before.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
        (await EventsAsync(user.Id, EventTypes.UserPasswordChange)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("known")]
    [InlineData("unknown")]
    [InlineData("suspended")]
    public async Task The_answer_is_the_same_whoever_is_meant(string who)
    {
        await SetUpMailAsync();
        var user = await Server.AddUserAsync(u =>
            u.State = who == "suspended" ? UserState.Suspended : UserState.Activated
        );
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync("/forgot-password");

        var answer = await browser.SubmitAsync(
            page,
            ("username", who == "unknown" ? "nobody-at-all" : user.Username)
        );

        answer.Address.ShouldBe("/forgot-password?asked=true");
        answer.Text.ShouldContain("If there is an account like that");
        if (who == "suspended")
        {
            (await EventAsync(user.Id)).FindingCode.ShouldBe("user-suspended");
            (await MailsAsync(user)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Who_is_asked_for_all_the_time_gets_five_mails_an_hour_and_the_last_link_works()
    {
        var user = await Server.AddUserAsync();
        for (var i = 1; i <= 7; i++)
        {
            await AskAsync(user.Username, times: i);
            Server.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        (await MailsAsync(user)).Count.ShouldBe(5);
        (await SetAsync(Server.NewBrowser(), await LinkAsync(user))).Address.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task A_subscriber_of_IPv6_asks_as_often_as_one_address()
    {
        await SetUpMailAsync();
        var answers = new List<string>();
        for (var i = 1; i <= 21; i++)
        {
            var browser = new TestBrowser(Server.Handler()) { Address = $"2001:db8:1:2::{i:x}" };
            var page = await browser.OpenAsync("/forgot-password");
            answers.Add((await browser.SubmitAsync(page, ("username", $"nobody{i}"))).Address);
        }
        answers.Count(a => a.EndsWith("asked=true", StringComparison.Ordinal)).ShouldBe(20);
    }

    private async Task SetUpMailAsync() =>
        await Server.AskAsync<EventRecorder, MailSettings?>(async events =>
            (
                await Server
                    .Service<MailSettingsService>()
                    .SaveAsync(new MailSettingsInput { Host = "localhost", Port = "1" }, events, Ct)
            ).Value
        );

    private static async Task<TestPage> SetAsync(TestBrowser browser, string link)
    {
        var page = await browser.OpenAsync(link);
        return await browser.SubmitAsync(page, ("password", NewPassword), ("again", NewPassword));
    }

    private async Task AskAsync(string typed, int times = 1)
    {
        Server
            .Service<PasswordReset>()
            .Ask(typed, System.Net.IPAddress.Parse("192.0.2.1"))
            .ShouldBeTrue();
        await using var db = Server.Open();
        var before = DateTime.UtcNow;
        while (
            await db.Events.CountAsync(
                e => e.Type == EventTypes.UserPasswordResetRequest && e.ActorName == typed,
                Ct
            ) < times
        )
        {
            (DateTime.UtcNow - before).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(20, Ct);
        }
    }

    private async Task<Event> EventAsync(Guid target)
    {
        var before = DateTime.UtcNow;
        while (true)
        {
            var events = await EventsAsync(target, EventTypes.UserPasswordResetRequest);
            if (events.Count > 0)
            {
                return events[0];
            }
            (DateTime.UtcNow - before).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(20, Ct);
        }
    }

    /// <summary>The link in the user's last mail, without the origin.</summary>
    private async Task<string> LinkAsync(User user)
    {
        await using var db = Server.Open();
        var mail = await db
            .QueuedMails.Where(m => m.UserId == user.Id)
            .OrderByDescending(m => m.Id)
            .FirstAsync(Ct);
        return new Uri(Server.Service<MailQueue>().Open(mail)!.Link!).PathAndQuery;
    }

    private async Task<List<(string, string)>> MailsAsync(User user)
    {
        await using var db = Server.Open();
        return
        [
            .. (
                await db
                    .QueuedMails.Where(m => m.UserId == user.Id)
                    .OrderBy(m => m.Id)
                    .ToListAsync(Ct)
            ).Select(m => (m.Template, m.Recipient)),
        ];
    }
}

public sealed class AccountLinksOnSqlite(SqliteIdentityProvider server)
    : AccountLinkTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class AccountLinksOnPostgreSql(PostgreSqlIdentityProvider server)
    : AccountLinkTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
