using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Tests.SignIn.Factors;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

/// <summary>By calls, too, nobody changes the account of somebody who may do more, gives a role without being an owner, or leaves the organisation without one.</summary>
public abstract class NoWayUpApiTests(TestDatabase database) : ApiTest(database)
{
    [Fact]
    [Trait("Rule", "J-47")]
    public async Task What_the_help_desk_does_is_done_by_calls()
    {
        var user = await WithEverythingAsync(await AddUserAsync("u"));
        await StartAsync(user);
        Use(await TokenOfAsync(Role.HelpDesk));

        foreach (
            var (method, path) in new[]
            {
                ("POST", "/unlock"),
                ("DELETE", "/factors"),
                ("DELETE", "/sessions"),
                ("POST", "/password-reset"),
            }
        )
        {
            (await SendAsync(method, $"/users/{user.Username}{path}")).Status.ShouldBe(204, path);
        }

        await using var db = Database.Open();
        (await FindAsync(user)).LockoutEnd.ShouldBeNull();
        (await db.Passkeys.AnyAsync(p => p.UserId == user.Id, Ct)).ShouldBeFalse();
        (
            await db.Sessions.AnyAsync(s => s.UserId == user.Id && s.EndedAt == null, Ct)
        ).ShouldBeFalse();
        (await db.AccountLinks.CountAsync(l => l.UserId == user.Id, Ct)).ShouldBe(1);
    }

    [Theory]
    [InlineData("HelpDesk", "Owner")]
    [InlineData("HelpDesk", "Administrator")]
    [InlineData("HelpDesk", "Auditor")]
    [InlineData("Administrator", "Owner")]
    [Trait("Rule", "S2-03")]
    public async Task There_is_no_way_up_through_somebody_elses_account(string role, string above)
    {
        var user = await WithEverythingAsync(await AddUserAsync("above", Enum.Parse<Role>(above)));
        var session = await StartAsync(user);
        var before = await StateAsync(user);
        Use(await TokenOfAsync(Enum.Parse<Role>(role)));

        foreach (
            var (method, path, body) in new[]
            {
                ("POST", "/password-reset", null),
                ("POST", "/activation-mail", null),
                ("PUT", "/password", """{"password": "another long passphrase"}"""),
                ("POST", "/unlock", null),
                ("DELETE", "/factors", null),
                ("PATCH", "/factors", """{"excluded_until": "2099-01-01T00:00:00Z"}"""),
                ("DELETE", "/sessions", null),
                ("DELETE", $"/sessions/{session}", null),
                ("PUT", "/schedule/suspended", """{"at": "2030-01-31T18:00:00Z"}"""),
                ("PATCH", "", """{"email": "mine@example.test"}"""),
                ("PATCH", "", """{"password": "another long passphrase"}"""),
                ("PATCH", "", """{"state": "suspended"}"""),
                ("PATCH", "", """{"role": null}"""),
                ("DELETE", "", null),
            }
        )
        {
            var answer = await SendAsync(method, $"/users/{user.Username}{path}", body);
            answer.Status.ShouldBe(403, $"{method} {path}: {answer.Text}");
        }
        (await SendAsync("DELETE", $"/sessions/{session}")).Problems.ShouldBe([
            "403 user-above-you",
        ]);

        (await StateAsync(user)).ShouldBe(before);
    }

    [Theory]
    [InlineData("POST", "/users", true)]
    [InlineData("PATCH", "/users/{user}", false)]
    public async Task An_administrator_gives_no_role(string method, string path, bool isNew)
    {
        var user = await AddUserAsync("u");
        Use(await TokenOfAsync(Role.Administrator));

        var refused = await SendAsync(
            method,
            path.Replace("{user}", user.Username),
            isNew
                ? $$"""{"username": "{{Mark}}-new", "email": "{{Mark}}-new@example.test", "role": "auditor"}"""
                : """{"role": "auditor"}"""
        );

        refused.Problems.ShouldBe(["403 role-not-yours role"]);
        (await RolesAsync()).ShouldBe([Role.Owner, Role.Administrator], ignoreOrder: true);
    }

    [Fact]
    public async Task An_administrator_gives_no_role_by_a_file()
    {
        Use(await TokenOfAsync(Role.Administrator));

        var refused = await ApplyAsync(
            $"users: [{{ username: {Mark}-new, email: {Mark}-new@example.test, role: owner }}]"
        );

        refused.Problems.ShouldBe(["422 role-not-yours role"]);
        (await RolesAsync()).ShouldBe([Role.Owner, Role.Administrator], ignoreOrder: true);
    }

    [Fact]
    public async Task An_administrator_changes_no_owner_by_a_file()
    {
        Use(await TokenOfAsync(Role.Administrator));

        var refused = await ApplyAsync(
            $"users: [{{ username: {Mark}, email: mine@example.test }}]"
        );

        refused.Problems.ShouldBe(["422 user-above-you"]);
        (await FindAsync(Administrator)).Email.ShouldBe(Administrator.Email);
    }

    [Theory]
    [InlineData("mail: { host: mail.example.test, from: me@example.test }")]
    [InlineData("events: { days: 3000 }")]
    public async Task An_administrator_changes_nothing_that_roles_rest_on_by_a_file(string setting)
    {
        Use(await TokenOfAsync(Role.Administrator));

        var refused = await ApplyAsync($"settings: {{ {setting} }}");

        refused.Problems.ShouldBe(["422 owners-only"]);
    }

    [Fact]
    public async Task A_file_with_what_owners_alone_change_can_be_planned_by_an_auditor()
    {
        Use(await TokenOfAsync(Role.Auditor));

        var planned = await SendAsync(
            "POST",
            "/plan",
            """{"document": "settings: { events: { days: 3000 } }"}"""
        );

        planned["changes"][0].GetProperty("action").GetString().ShouldBe("update");
    }

    [Fact]
    public async Task An_administrator_ends_no_token_of_an_owner()
    {
        var made = await SendAsync("POST", "/tokens", """{"name": "Owner's"}""");
        Use(await TokenOfAsync(Role.Administrator));

        var refused = await SendAsync("DELETE", $"/tokens/{made["id"].GetString()}");

        refused.Problems.ShouldBe(["403 user-above-you"]);
        Use(made["secret"].GetString()!);
        (await SendAsync("GET", "/tokens")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("PATCH", """{"role": null}""", "422 last-owner role")]
    [InlineData("PATCH", """{"role": "administrator"}""", "422 last-owner role")]
    [InlineData("PATCH", """{"state": "suspended"}""", "422 last-owner state")]
    [InlineData("DELETE", null, "422 last-owner state")]
    public async Task The_last_owner_stays(string method, string? body, string problem)
    {
        await AloneAsync();

        (await SendAsync(method, $"/users/{Mark}", body)).Problems.ShouldBe([problem]);

        (await FindAsync(Administrator)).Role.ShouldBe(Role.Owner);
    }

    [Fact]
    public async Task The_last_owner_stays_whatever_a_file_says()
    {
        await AloneAsync();

        var refused = await ApplyAsync(
            $"users: [{{ username: {Mark}, email: {Administrator.Email}, role: auditor }}]"
        );

        refused.Problems.ShouldBe(["422 last-owner role"]);
        (await FindAsync(Administrator)).Role.ShouldBe(Role.Owner);
    }

    [Fact]
    public async Task A_suspension_that_was_planned_passes_the_last_owner_over()
    {
        await AloneAsync();
        await SendAsync(
            "PUT",
            $"/users/{Mark}/schedule/suspended",
            """{"at": "2099-01-31T18:00:00Z"}"""
        );
        await using (var db = Database.Open())
        {
            var due = DateTimeOffset.UtcNow.AddMinutes(-1);
            await db
                .ScheduledStates.Where(s => s.UserId == Administrator.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.At, due), Ct);
        }

        await WithAsync<UserStates, int>(states => states.ApplyDueAsync(Ct));

        (await FindAsync(Administrator)).State.ShouldBe(UserState.Activated);
        (await SendAsync("GET", $"/users/{Mark}/schedule"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_owners_who_step_down_by_calls_at_the_same_moment_one_stays()
    {
        await AloneAsync();
        var second = await AddUserAsync("second", Role.Owner);

        var answers = await Task.WhenAll(
            SendAsync("PATCH", $"/users/{Mark}", """{"role": null}"""),
            SendAsync("PATCH", $"/users/{second.Username}", """{"role": null}""")
        );

        // 401: the token is of the one who stepped down a moment before.
        answers
            .Select(a => a.Status)
            .ShouldAllBe(s => s == 200 || s == 401 || s == 409 || s == 422);
        await using var db = Database.Open();
        (
            await db.Users.CountAsync(
                u => u.Role == Role.Owner && u.State == UserState.Activated,
                Ct
            )
        ).ShouldBe(1);
    }

    private Task<Answer> ApplyAsync(string document) =>
        SendAsync("POST", "/apply", System.Text.Json.JsonSerializer.Serialize(new { document }));

    /// <summary>Nobody else is an owner: the database is shared by the tests of its class.</summary>
    private async Task AloneAsync()
    {
        await using var db = Database.Open();
        await db
            .Users.Where(u => u.Id != Administrator.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, (Role?)null), Ct);
    }

    private async Task<User> FindAsync(User user)
    {
        await using var db = Database.Open();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
    }

    /// <summary>Of the users this test made.</summary>
    private async Task<List<Role>> RolesAsync()
    {
        await using var db = Database.Open();
        return await db
            .Users.Where(u => u.Role != null && u.Username.StartsWith(Mark))
            .Select(u => u.Role!.Value)
            .ToListAsync(Ct);
    }

    /// <summary>Locked, and with a second step.</summary>
    private async Task<User> WithEverythingAsync(User user)
    {
        await using var db = Database.Open();
        db.Passkeys.Add(TestPasskey.Stored(user.Id, DateTimeOffset.UtcNow));
        await db.SaveChangesAsync(Ct);
        await db
            .Users.Where(u => u.Id == user.Id)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.UtcNow.AddMinutes(5)),
                Ct
            );
        return user;
    }

    private async Task<Guid> StartAsync(User user) =>
        (
            await WithAsync<SessionService, NewSession>(sessions =>
                sessions.StartAsync(user, AuthnMethods.Password, null, null, Ct)
            )
        )
            .Session
            .Id;

    /// <summary>Everything that the calls above would change.</summary>
    private async Task<string> StateAsync(User user)
    {
        await using var db = Database.Open();
        var now = await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
        var passkeys = await db.Passkeys.CountAsync(p => p.UserId == user.Id, Ct);
        var sessions = await db.Sessions.CountAsync(
            s => s.UserId == user.Id && s.EndedAt == null,
            Ct
        );
        var plans = await db.ScheduledStates.CountAsync(s => s.UserId == user.Id, Ct);
        var mails = await db.QueuedMails.CountAsync(m => m.UserId == user.Id, Ct);
        var events = await db.Events.CountAsync(
            e => e.TargetId == user.Id && e.Type != EventTypes.UserCreate,
            Ct
        );
        return $"{now.Email} {now.Role} {now.State} {now.PasswordHash} {now.SecurityStamp} {now.LockoutEnd} {passkeys} {sessions} {plans} {mails} {events}";
    }
}

public sealed class NoWayUpByCallsOnSqlite(SqliteDatabase database)
    : NoWayUpApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class NoWayUpByCallsOnPostgreSql(PostgreSqlDatabase database)
    : NoWayUpApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
