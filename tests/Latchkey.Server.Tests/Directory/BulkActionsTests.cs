using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>One thing done to several users: each of the six, and what one refuses keeps no other from it.</summary>
public abstract class BulkActionsTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task Several_are_suspended_and_activated_again()
    {
        User[] users = [await AddAsync(), await AddAsync()];

        await DoneAsync(new BulkOrder("suspend", null, null, null), users);
        (await StatesAsync(users)).ShouldBe([UserState.Suspended, UserState.Suspended]);

        await DoneAsync(new BulkOrder("activate", null, new ActivationMail(), null), users);
        (await StatesAsync(users)).ShouldBe([UserState.Activated, UserState.Activated]);
        (await MailsAsync(users)).ShouldBe(["activation", "activation"]);
    }

    [Fact]
    [Trait("Rule", "J-62")]
    public async Task Several_are_suspended_when_their_time_has_come_J_62()
    {
        User[] users = [await AddAsync(), await AddAsync()];
        var at = Server.Clock.GetUtcNow().AddHours(1);

        await DoneAsync(new BulkOrder("suspend", at, null, null), users);
        (await StatesAsync(users)).ShouldBe([UserState.Activated, UserState.Activated]);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        await Server.AskAsync<UserStates, int>(s => s.ApplyDueAsync(Ct));

        (await StatesAsync(users)).ShouldBe([UserState.Suspended, UserState.Suspended]);
    }

    [Fact]
    public async Task Several_get_the_activation_mail()
    {
        User[] users = [await AddAsync(), await Server.AddUserAsync()];
        await DoneAsync(new BulkOrder("mail", null, new ActivationMail(), null), users);
        (await MailsAsync(users)).ShouldBe(["activation", "welcome"]);
    }

    [Fact]
    public async Task Several_join_a_group_and_leave_it()
    {
        User[] users = [await AddAsync(), await AddAsync()];
        var group = await AddGroupAsync();

        await DoneAsync(new BulkOrder("join", null, null, group.Id), users);
        (await CountAsync(group)).ShouldBe(2);

        await DoneAsync(new BulkOrder("leave", null, null, group.Id), users);
        (await CountAsync(group)).ShouldBe(0);
    }

    [Fact]
    public async Task Several_are_deleted()
    {
        User[] users = [await AddAsync(), await AddAsync()];
        await DoneAsync(new BulkOrder("delete", null, null, null), users);
        (await StatesAsync(users)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_one_refuses_keeps_no_other_from_it()
    {
        var suspended = await AddAsync(Somebody() with { State = UserState.Suspended });
        var active = await AddAsync();

        var results = await RunAsync(
            new BulkOrder("mail", null, new ActivationMail(), null),
            [suspended, active]
        );

        results
            .Select(r => (r.Id, r.Problem?.Code))
            .ShouldBe([(suspended.Id, "user-not-active"), (active.Id, null)]);
        (await MailsAsync([suspended, active])).ShouldBe(["activation"]);
    }

    [Theory]
    [InlineData("join")]
    [InlineData("leave")]
    [InlineData("anything")]
    public async Task What_nobody_ordered_is_a_fault_and_deletes_nobody(string word)
    {
        var user = await AddAsync();

        await Should.ThrowAsync<ArgumentException>(() =>
            RunAsync(new BulkOrder(word, null, null, null), [user])
        );

        (await FindAsync(user)).State.ShouldBe(UserState.Activated);
    }

    private Task<IReadOnlyList<BulkResult>> RunAsync(BulkOrder order, User[] users) =>
        Server.AskAsync<BulkActions, IReadOnlyList<BulkResult>>(bulk =>
            bulk.RunAsync(order, [.. users.Select(u => u.Id)], Ct)
        );

    private async Task DoneAsync(BulkOrder order, User[] users)
    {
        var results = await RunAsync(order, users);
        results.Select(r => r.Id).ShouldBe(users.Select(u => u.Id));
        results.ShouldAllBe(r => r.Problem == null);
    }

    private async Task<List<UserState>> StatesAsync(User[] users)
    {
        var ids = users.Select(u => u.Id).ToList();
        await using var db = Server.Open();
        return await db.Users.Where(u => ids.Contains(u.Id)).Select(u => u.State).ToListAsync(Ct);
    }

    private async Task<List<string>> MailsAsync(User[] users)
    {
        var ids = users.Select(u => (Guid?)u.Id).ToList();
        await using var db = Server.Open();
        return await db
            .QueuedMails.Where(m => ids.Contains(m.UserId))
            .OrderBy(m => m.Id)
            .Select(m => m.Template)
            .ToListAsync(Ct);
    }

    private async Task<int> CountAsync(Group group)
    {
        await using var db = Server.Open();
        return await db.GroupMembers.CountAsync(m => m.GroupId == group.Id, Ct);
    }
}

public sealed class BulkActionsOnSqlite(SqliteIdentityProvider server)
    : BulkActionsTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class BulkActionsOnPostgreSql(PostgreSqlIdentityProvider server)
    : BulkActionsTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
