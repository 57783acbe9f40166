using System.Text.Json;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

public abstract class UserServiceTests(TestIdentityProvider server) : DirectoryTest(server)
{
    private const string NewPassword = "a very new passphrase";

    [Fact]
    public async Task Every_field_an_administrator_enters_is_kept_J_66()
    {
        var manager = await AddAsync();
        var input = Somebody() with
        {
            AlternateEmail = "ada@home.example",
            RecoveryEmail = "ada@rescue.example",
            FirstName = "Ada",
            MiddleName = "King",
            LastName = "Lovelace",
            DisplayName = "Countess of Lovelace",
            Description = "First\nof all",
            Company = "Analytical Engines",
            CostCenter = "42",
            Department = "Research",
            EmployeeIdentifier = NewName("E-"),
            EmployeeType = "Permanent",
            JobTitle = "Programmer",
            Location = "London",
            ManagerId = manager.Id,
            Addresses = [new("work", "1 St James's Sq", "London", null, "SW1Y 4JH", "UK")],
            PhoneNumbers = [new("mobile", "+44 20 7946 0000")],
            Attributes = [new("team", "engine"), new("team", "notes"), new("floor", "2")],
        };

        var user = await FindAsync(await AddAsync(input));

        JsonSerializer.Serialize(UserInput.From(user)).ShouldBe(JsonSerializer.Serialize(input));
    }

    [Fact]
    [Trait("Rule", "J-67")]
    public async Task An_email_address_is_kept_in_lower_case_J_67()
    {
        var user = await AddAsync(Somebody() with { Email = "Ada.MIXED@Example.TEST" });
        (await FindAsync(user)).Email.ShouldBe("ada.mixed@example.test");
    }

    [Fact]
    [Trait("Rule", "J-67")]
    public async Task Two_users_cannot_have_one_email_address_however_written_J_67()
    {
        await AddAsync(Somebody() with { Email = "twice@example.test" });
        var outcome = await UsersAsync(users =>
            users.CreateAsync(Somebody() with { Email = "TWICE@example.test" }, Ct)
        );
        Refusals(outcome).ShouldBe(["email: email-taken"]);
    }

    [Fact]
    public async Task Addresses_that_only_look_alike_are_different_addresses_J_67()
    {
        // A capital dotted I is one lower-case letter with an accent, not an i.
        await AddAsync(Somebody() with { Email = "information@example.test" });
        var other = await AddAsync(Somebody() with { Email = "ınformation@example.test" });
        other.Email.ShouldBe("ınformation@example.test");
    }

    [Fact]
    public async Task A_user_name_is_taken_in_whatever_case()
    {
        var first = await AddAsync();
        var outcome = await UsersAsync(users =>
            users.CreateAsync(Somebody() with { Username = first.Username.ToUpperInvariant() }, Ct)
        );
        Refusals(outcome).ShouldBe(["username: username-taken"]);
    }

    [Fact]
    public async Task A_user_is_found_by_name_in_whatever_case()
    {
        var user = await AddAsync();
        var found = await Server.AskAsync<UserService, User?>(users =>
            users.FindByUsernameAsync(user.Username.ToUpperInvariant(), Ct)
        );
        found!.Id.ShouldBe(user.Id);
    }

    [Fact]
    public async Task Of_two_who_ask_for_one_name_at_once_one_gets_it()
    {
        var name = NewName();
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    UsersAsync(users => users.CreateAsync(Somebody() with { Username = name }, Ct))
                )
        );
        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes
            .Where(o => !o.Ok)
            .SelectMany(Refusals)
            .ShouldAllBe(refusal => refusal == "username: username-taken");
    }

    [Fact]
    public async Task An_employee_identifier_belongs_to_one_user_J_66()
    {
        var identifier = NewName("E-");
        await AddAsync(Somebody() with { EmployeeIdentifier = identifier });
        var outcome = await UsersAsync(users =>
            users.CreateAsync(Somebody() with { EmployeeIdentifier = identifier }, Ct)
        );
        Refusals(outcome).ShouldBe(["employee_identifier: employee-identifier-taken"]);
    }

    [Fact]
    public async Task Any_number_of_users_have_no_employee_identifier()
    {
        await AddAsync(Somebody() with { EmployeeIdentifier = "" });
        (await AddAsync(Somebody() with { EmployeeIdentifier = "" })).ShouldNotBeNull();
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_nothing_is_kept()
    {
        var outcome = await UsersAsync(users =>
            users.CreateAsync(
                new UserInput
                {
                    Username = "two words",
                    Email = "nowhere",
                    FirstName = "A\u0001",
                    ManagerId = Guid.NewGuid(),
                    GroupIds = [Guid.NewGuid()],
                    Password = "short",
                },
                Ct
            )
        );
        Refusals(outcome)
            .ShouldBe(
                [
                    "username: username-invalid",
                    "email: email-invalid",
                    "firstname: text-unprintable",
                    "password: password-too-short",
                    "manager: manager-missing",
                    "groups: group-missing",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Nobody_is_their_own_manager()
    {
        var user = await AddAsync();
        var outcome = await ChangeAsync(user, input => input with { ManagerId = user.Id });
        Refusals(outcome).ShouldBe(["manager: manager-is-self"]);
    }

    [Fact]
    public async Task Making_a_user_is_told_with_every_field_and_no_secret_J_118()
    {
        var user = await AddAsync(Somebody() with { Department = "R&D", Password = NewPassword });

        var told = (await EventsAsync(user.Id, EventTypes.UserCreate)).ShouldHaveSingleItem();
        told.TargetName.ShouldBe(user.Username);
        told.Details.ShouldNotContain(NewPassword);
        var changes = EventDetails.Read(told.Details).Changes;
        changes.ShouldContain(new FieldChange("department", null, "R&D"));
        changes.ShouldContain(new FieldChange("password", null, FieldChange.Masked));
    }

    [Fact]
    public async Task A_change_is_told_as_from_and_to_and_only_what_changed_J_121()
    {
        var user = await AddAsync(Somebody() with { Department = "Research" });

        Made(await ChangeAsync(user, input => input with { Department = "Sales" }));

        var told = (await EventsAsync(user.Id, EventTypes.UserUpdate)).ShouldHaveSingleItem();
        EventDetails
            .Read(told.Details)
            .Changes.ShouldBe([new FieldChange("department", "Research", "Sales")]);
    }

    [Fact]
    public async Task Saving_what_is_there_already_tells_nothing_and_is_no_new_version()
    {
        var user = await AddAsync();
        Made(await ChangeAsync(user, input => input));
        (await EventTypesAsync(user.Id)).ShouldBe([EventTypes.UserCreate]);
        (await FindAsync(user)).Version.ShouldBe(user.Version);
    }

    [Fact]
    public async Task A_change_of_a_user_whom_somebody_else_changed_is_refused()
    {
        var user = await AddAsync();
        Made(await ChangeAsync(user, input => input with { FirstName = "Theirs" }));

        var outcome = await UsersAsync(users =>
            users.UpdateAsync(
                user.Id,
                UserInput.From(user) with
                {
                    FirstName = "Mine",
                },
                user.Version,
                Ct
            )
        );

        Refusals(outcome).ShouldBe([": user-changed"]);
        (await FindAsync(user)).FirstName.ShouldBe("Theirs");
    }

    [Fact]
    public async Task A_change_by_declaration_asks_for_no_version()
    {
        var user = await AddAsync();
        Made(await ChangeAsync(user, input => input with { FirstName = "Once" }));
        Made(
            await UsersAsync(users =>
                users.UpdateAsync(
                    user.Id,
                    UserInput.From(user) with
                    {
                        FirstName = "Twice",
                    },
                    version: null,
                    Ct
                )
            )
        );
        (await FindAsync(user)).FirstName.ShouldBe("Twice");
    }

    [Fact]
    public async Task Suspending_ends_every_session_J_68()
    {
        var user = await AddAsync();
        var sessions = Server.Service<SessionService>();
        var session = await sessions.StartAsync(user, AuthnMethods.Password, null, null, Ct);

        Made(await ChangeAsync(user, input => input with { State = UserState.Suspended }));

        (await FindAsync(user)).SecurityStamp.ShouldNotBe(user.SecurityStamp);
        (await sessions.FindAsync(session.Secret, Ct)).ShouldBeNull();
        (await EventTypesAsync(user.Id)).ShouldContain(EventTypes.UserSuspended);
    }

    [Fact]
    public async Task Coming_back_does_not_bring_old_sessions_back()
    {
        var user = await AddAsync();
        var sessions = Server.Service<SessionService>();
        var session = await sessions.StartAsync(user, AuthnMethods.Password, null, null, Ct);
        Made(await ChangeAsync(user, input => input with { State = UserState.Suspended }));
        var suspended = await FindAsync(user);

        Made(await ChangeAsync(suspended, input => input with { State = UserState.Activated }));

        (await sessions.FindAsync(session.Secret, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_password_ends_every_session_and_lifts_a_lock()
    {
        var user = await AddAsync(Somebody() with { Password = "the old passphrase" });
        var sessions = Server.Service<SessionService>();
        var session = await sessions.StartAsync(user, AuthnMethods.Password, null, null, Ct);
        await Server.ChangeAsync(
            user,
            u => (u.AccessFailedCount, u.LockoutEnd) = (7, Server.Clock.GetUtcNow().AddHours(1))
        );

        Made(
            await Server.AskAsync<UserPasswords, Outcome<PasswordGiven>>(users =>
                users.SetAsync(user.Id, NewPassword, cancellationToken: Ct)
            )
        );

        (await sessions.FindAsync(session.Secret, Ct)).ShouldBeNull();
        var changed = await FindAsync(user);
        (changed.AccessFailedCount, changed.LockoutEnd).ShouldBe((0, null));
        (await EventsAsync(user.Id, EventTypes.UserPasswordSet))
            .ShouldHaveSingleItem()
            .Details.ShouldBe("{}");
    }

    [Fact]
    public async Task What_says_nothing_of_the_password_leaves_it()
    {
        var user = await AddAsync(Somebody() with { Password = NewPassword });
        Made(await ChangeAsync(user, input => input with { FirstName = "Ada" }));
        var changed = await FindAsync(user);
        (changed.PasswordHash, changed.SecurityStamp).ShouldBe(
            (user.PasswordHash, user.SecurityStamp)
        );
    }

    [Fact]
    public async Task The_groups_of_a_user_can_be_said_with_the_user()
    {
        var (first, second) = (await AddGroupAsync(), await AddGroupAsync());
        var user = await AddAsync(Somebody() with { GroupIds = [first.Id] });

        Made(await ChangeAsync(user, input => input with { GroupIds = [second.Id] }));

        (await Queries.GroupsOfUserAsync(user.Id, Ct))
            .ShouldHaveSingleItem()
            .Id.ShouldBe(second.Id);
        (await EventsAsync(first.Id, EventTypes.AssociationChange)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_takes_memberships_and_sessions_and_leaves_events()
    {
        var user = await AddAsync();
        await AddGroupAsync(null, user);
        await Server
            .Service<SessionService>()
            .StartAsync(user, AuthnMethods.Password, null, null, Ct);

        Made(await UsersAsync(users => users.DeleteAsync(user.Id, Ct)));

        await using var db = Server.Open();
        (await db.GroupMembers.AnyAsync(m => m.UserId == user.Id, Ct)).ShouldBeFalse();
        (await db.Sessions.AnyAsync(s => s.UserId == user.Id, Ct)).ShouldBeFalse();
        (await EventTypesAsync(user.Id)).ShouldBe([
            EventTypes.SessionEnd,
            EventTypes.UserCreate,
            EventTypes.UserDelete,
        ]);
    }

    [Fact]
    public async Task Deleting_a_manager_leaves_the_people_without_one()
    {
        var manager = await AddAsync();
        var user = await AddAsync(Somebody() with { ManagerId = manager.Id });
        Made(await UsersAsync(users => users.DeleteAsync(manager.Id, Ct)));
        (await FindAsync(user)).ManagerId.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_gone_cannot_be_changed()
    {
        var user = await AddAsync();
        Made(await UsersAsync(users => users.DeleteAsync(user.Id, Ct)));
        Refusals(await ChangeAsync(user, input => input)).ShouldBe([": user-missing"]);
    }

    private Task<Outcome<User>> ChangeAsync(User user, Func<UserInput, UserInput> change) =>
        UsersAsync(users =>
            users.UpdateAsync(user.Id, change(UserInput.From(user)), user.Version, Ct)
        );
}

public sealed class UserServiceOnSqlite(SqliteIdentityProvider server)
    : UserServiceTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserServiceOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserServiceTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
