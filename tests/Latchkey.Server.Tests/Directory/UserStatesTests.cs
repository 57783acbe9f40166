using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
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
    [Trait("Rule", "J-63")]
    public async Task A_suspended_user_gets_no_new_password_in_any_way_and_stays_locked_J_63()
    {
        var locked = Server.Clock.GetUtcNow().AddDays(1);
        var user = await Server.AddUserAsync(u =>
            (u.State, u.LockoutEnd) = (UserState.Suspended, locked)
        );
        const string password = "a quite new passphrase";

        var set = await Server.AskAsync<UserPasswords, Outcome<PasswordGiven>>(p =>
            p.SetAsync(user.Id, password, cancellationToken: Ct)
        );
        var changed = await UsersAsync(users =>
            users.UpdateAsync(user.Id, UserInput.From(user) with { Password = password }, null, Ct)
        );

        Refusals(set).ShouldBe([": user-suspended"]);
        Refusals(changed).ShouldBe(["password: user-suspended"]);
        (await FindAsync(user)).LockoutEnd.ShouldBe(locked);
    }

    [Fact]
    public async Task Whoever_is_let_in_again_may_get_a_password_with_it()
    {
        var user = await Server.AddUserAsync(u => u.State = UserState.Suspended);
        var input = UserInput.From(user) with
        {
            State = UserState.Activated,
            Password = "a quite new passphrase",
        };
        Made(await UsersAsync(users => users.UpdateAsync(user.Id, input, null, Ct)));
    }

    [Fact]
    public async Task More_plans_than_fit_into_one_batch_are_carried_out_in_one_round()
    {
        const int many = 230;
        var at = Server.Clock.GetUtcNow();
        var name = NewName("many");
        await using (var db = Server.Open())
        {
            for (var i = 0; i < many; i++)
            {
                var user = new User
                {
                    Username = $"{name}-{i}",
                    NormalizedUsername = $"{name}-{i}".ToUpperInvariant(),
                    Email = $"{name}-{i}@example.test",
                    SecurityStamp = "1",
                    CreatedAt = at,
                    UpdatedAt = at,
                };
                db.Users.Add(user);
                db.ScheduledStates.Add(
                    new()
                    {
                        UserId = user.Id,
                        State = UserState.Suspended,
                        At = at,
                    }
                );
            }
            await db.SaveChangesAsync(Ct);
        }

        (await ApplyAsync()).ShouldBeGreaterThanOrEqualTo(many);

        await using var after = Server.Open();
        (
            await after.Users.CountAsync(
                u => u.Username.StartsWith(name + "-") && u.State == UserState.Suspended,
                Ct
            )
        ).ShouldBe(many);
    }

    [Fact]
    public async Task A_plan_that_fails_holds_up_no_other_and_is_tried_again()
    {
        var (broken, user) = (await AddAsync(), await AddAsync());
        var at = Server.Clock.GetUtcNow().AddMinutes(1);
        foreach (var one in new[] { broken, user })
        {
            Made(
                await StatesAsync(s =>
                    s.ScheduleAsync(
                        one.Id,
                        UserState.Suspended,
                        at.AddSeconds(one == user ? 1 : 0),
                        null,
                        Ct
                    )
                )
            );
        }
        Server.Clock.Advance(TimeSpan.FromMinutes(2));

        await WriteAttributesAsync(broken, "no JSON");
        await ApplyAsync();
        (await FindAsync(user)).State.ShouldBe(UserState.Suspended);

        await WriteAttributesAsync(broken, "{}");
        await ApplyAsync();
        (await FindAsync(broken)).State.ShouldBe(UserState.Suspended);
    }

    [Fact]
    public async Task A_plan_against_the_last_owner_is_given_up_and_its_event_tells_why()
    {
        await using (var db = Server.Open())
        {
            await db
                .Users.Where(u => u.Role == Role.Owner)
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, (Role?)null), Ct);
        }
        var owner = await Server.AddUserAsync(u => u.Role = Role.Owner);
        var at = Server.Clock.GetUtcNow().AddMinutes(1);
        Made(await StatesAsync(s => s.ScheduleAsync(owner.Id, UserState.Suspended, at, null, Ct)));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        await ApplyAsync();

        (await FindAsync(owner)).State.ShouldBe(UserState.Activated);
        (
            await Server.AskAsync<UserStates, int>(async s => (await s.OfAsync(owner.Id, Ct)).Count)
        ).ShouldBe(0);
        (await EventsAsync(owner.Id, EventTypes.UserScheduleCancelled))
            .ShouldHaveSingleItem()
            .Details.ShouldContain("last-owner");
    }

    [Fact]
    [Trait("Rule", "J-62")]
    public async Task The_mail_of_a_plan_goes_where_the_plan_says_J_62()
    {
        var user = await AddAsync(Somebody() with { State = UserState.Staged });
        var at = Server.Clock.GetUtcNow().AddMinutes(1);
        var mail = new ActivationMail("boss@example.test");
        Made(await StatesAsync(s => s.ScheduleAsync(user.Id, UserState.Activated, at, mail, Ct)));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        await ApplyAsync();

        (await MailsAsync(user)).ShouldBe([("activation", "boss@example.test")]);
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

    private async Task WriteAttributesAsync(User user, string json)
    {
        await using var db = Server.Open();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE users SET attributes = {json} WHERE username = {user.Username}",
            Ct
        );
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

public sealed class UserStatesOnSqlite(SqliteIdentityProvider server)
    : UserStatesTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserStatesOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserStatesTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
