using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Staged, activated, suspended, now and at a time (J-61 to J-65).</summary>
public abstract class UserStatesTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    [Trait("Rule", "J-63")]
    public async Task Suspending_counts_at_the_next_request_J_63()
    {
        var user = await Server.AddUserAsync();
        var browser = await Server.SignedInAsync(user);
        (await browser.OpenAsync("/")).Address.ShouldBe("/");

        Made(await StatesAsync(s => s.ChangeAsync(user.Id, UserState.Suspended, null, Ct)));

        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_scheduled_suspension_comes_when_its_time_has_come_J_62()
    {
        var user = await AddAsync();
        var at = Server.Clock.GetUtcNow().AddHours(2);
        Made(await StatesAsync(s => s.ScheduleAsync(user.Id, UserState.Suspended, at, null, Ct)));

        await ApplyAsync();
        (await FindAsync(user)).State.ShouldBe(UserState.Activated);
        Server.Clock.Advance(TimeSpan.FromHours(2));
        await ApplyAsync();

        (await FindAsync(user)).State.ShouldBe(UserState.Suspended);
        (await EventTypesAsync(user.Id)).ShouldBe([
            EventTypes.UserCreate,
            EventTypes.UserSuspended,
            EventTypes.UserSuspensionScheduled,
        ]);
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task Whoever_was_suspended_and_is_let_in_again_has_an_event_of_that_J_119()
    {
        var user = await AddAsync();
        Made(await StatesAsync(s => s.ChangeAsync(user.Id, UserState.Suspended, null, Ct)));
        Made(await StatesAsync(s => s.ChangeAsync(user.Id, UserState.Activated, null, Ct)));
        (await EventTypesAsync(user.Id)).ShouldBe([
            EventTypes.UserCreate,
            EventTypes.UserSuspended,
            EventTypes.UserUnsuspended,
        ]);
    }

    [Fact]
    public async Task Of_several_nodes_one_carries_a_plan_out()
    {
        var user = await AddAsync(Somebody() with { State = UserState.Staged });
        var at = Server.Clock.GetUtcNow().AddMinutes(1);
        var mail = new ActivationMail();
        Made(await StatesAsync(s => s.ScheduleAsync(user.Id, UserState.Activated, at, mail, Ct)));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync()));

        (await EventsAsync(user.Id, EventTypes.UserActivated)).Count.ShouldBe(1);
        (await MailsAsync(user)).ShouldBe([("activation", user.Email)]);
    }

    [Fact]
    public async Task A_plan_is_taken_back()
    {
        var user = await AddAsync();
        var at = Server.Clock.GetUtcNow().AddMinutes(1);
        Made(await StatesAsync(s => s.ScheduleAsync(user.Id, UserState.Suspended, at, null, Ct)));

        Made(await StatesAsync(s => s.CancelAsync(user.Id, UserState.Suspended, Ct)));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await ApplyAsync();

        (await FindAsync(user)).State.ShouldBe(UserState.Activated);
    }

    [Fact]
    public async Task A_time_that_is_over_is_refused()
    {
        var user = await AddAsync();
        var outcome = await StatesAsync(s =>
            s.ScheduleAsync(user.Id, UserState.Suspended, Server.Clock.GetUtcNow(), null, Ct)
        );
        Refusals(outcome).ShouldBe(["at: schedule-past"]);
    }

    [Theory]
    [InlineData(null, null, "activation", "own")]
    [InlineData("a long first password", null, "welcome", "own")]
    [InlineData(null, "alternate", "activation", "alternate")]
    public async Task The_mail_is_a_welcome_if_there_is_a_password_and_goes_to_the_alternate_address_first_J_65(
        string? password,
        string? alternate,
        string template,
        string to
    )
    {
        var input = Somebody();
        input = input with
        {
            Password = password,
            AlternateEmail = alternate is null ? null : $"{input.Username}@alternate.test",
            Mail = new ActivationMail(),
        };

        var user = await AddAsync(input);

        var expected = to == "own" ? user.Email : input.AlternateEmail!;
        (await MailsAsync(user)).ShouldBe([(template, expected)]);
    }

    [Fact]
    [Trait("Rule", "J-65")]
    public async Task The_mail_can_be_redirected_and_left_out_J_65()
    {
        var told = await AddAsync(
            Somebody() with
            {
                Mail = new ActivationMail("boss@example.test"),
            }
        );
        var untold = await AddAsync();

        (await MailsAsync(told)).ShouldBe([("activation", "boss@example.test")]);
        (await MailsAsync(untold)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_staged_user_gets_no_mail_before_being_activated()
    {
        var user = await AddAsync(
            Somebody() with
            {
                State = UserState.Staged,
                Mail = new ActivationMail(),
            }
        );
        (await MailsAsync(user)).ShouldBeEmpty();

        Made(
            await StatesAsync(s =>
                s.ChangeAsync(user.Id, UserState.Activated, new ActivationMail(), Ct)
            )
        );

        (await MailsAsync(user)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_password_is_pending_active_locked_or_expired_J_64()
    {
        var now = Server.Clock.GetUtcNow();
        var user = await AddAsync();
        PasswordStatuses.Of(user, new(), now).ShouldBe(PasswordStatus.Pending);
        user.PasswordHash = "hash";
        PasswordStatuses.Of(user, new(), now).ShouldBe(PasswordStatus.Active);
        user.PasswordExpiresAt = now;
        PasswordStatuses.Of(user, new(), now).ShouldBe(PasswordStatus.Expired);
        user.LockoutEnd = now.AddMinutes(1);
        PasswordStatuses.Of(user, new(), now).ShouldBe(PasswordStatus.Locked);
    }

    [Fact]
    [Trait("Rule", "J-63")]
    public async Task A_locked_user_is_unlocked_but_not_a_suspended_one_J_63()
    {
        var user = await Server.AddUserAsync(u =>
            u.LockoutEnd = Server.Clock.GetUtcNow().AddDays(1)
        );
        var unlock = () =>
            Server.AskAsync<UserPasswords, Outcome<User>>(p => p.UnlockAsync(user.Id, Ct));
        Made(await unlock());
        (await FindAsync(user)).LockoutEnd.ShouldBeNull();

        Made(await StatesAsync(s => s.ChangeAsync(user.Id, UserState.Suspended, null, Ct)));

        Refusals(await unlock()).ShouldBe([": user-suspended"]);
    }

    [Fact]
    [Trait("Rule", "J-61")]
    public async Task The_starting_state_is_a_setting_of_each_way_of_creating_J_61()
    {
        await Server.AskAsync<StartingStates, int>(async states =>
        {
            await states.SaveAsync(CreationWay.Import, UserState.Staged, Ct);
            (await states.OfAsync(CreationWay.Import, Ct)).ShouldBe(UserState.Staged);
            (await states.OfAsync(CreationWay.ByHand, Ct)).ShouldBe(UserState.Activated);
            await states.SaveAsync(CreationWay.Import, UserState.Activated, Ct);
            return 0;
        });
    }

    private Task<Outcome<User>> StatesAsync(Func<UserStates, Task<Outcome<User>>> ask) =>
        Server.AskAsync(ask);

    private Task<int> ApplyAsync() =>
        Server.AskAsync<UserStates, int>(states => states.ApplyDueAsync(Ct));

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

public sealed class UserStatesOnSqlite(SqliteIdentityProvider server)
    : UserStatesTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserStatesOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserStatesTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
