using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Directory.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Directory;

/// <summary>A user and a rule that change at the same moment: the new user is held against the new rule, whoever was first.</summary>
public abstract class RuleRaceTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task A_rule_that_changes_while_a_user_is_being_saved_is_followed()
    {
        var department = NewName("Race ");
        var user = await AddAsync();
        var group = await AddGroupAsync();
        var changed = false;
        var outcome = await SaveAsync(
            user,
            department,
            async () =>
            {
                if (!changed)
                {
                    changed = true;
                    await RuleAsync(group, department);
                }
            }
        );

        Made(outcome);
        changed.ShouldBeTrue();
        (await IsMemberAsync(group, user)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_batch_that_knows_the_rule_before_does_not_count_for_the_new_one()
    {
        var department = NewName("Batch ");
        var user = await AddAsync(Somebody() with { Department = department });
        var group = await AddGroupAsync();
        await RuleAsync(group, "nobody");
        await BehindAsync(group);

        // The rule changes when the batch has read the old one.
        await using var db = Server.Open();
        var read = await db.Groups.AsNoTracking().SingleAsync(g => g.Id == group.Id, Ct);
        await using (var other = Server.Open())
        {
            var stored = await other.Groups.SingleAsync(g => g.Id == group.Id, Ct);
            stored.Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]);
            await other.SaveChangesAsync(Ct);
        }

        (await RuleMembership.MoveAsync(db, read, Guid.CreateVersion7(), Ct)).ShouldBeFalse();
        while (!await CatchUpAsync(group)) { }
        (await IsMemberAsync(group, user)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_rule_that_changes_begins_anew_even_where_a_batch_moved_on_meanwhile()
    {
        var department = NewName("Cursor ");
        var user = await AddAsync(Somebody() with { Department = department });
        var group = await AddGroupAsync();
        await RuleAsync(group, "nobody");
        await BehindAsync(group);
        var moved = false;

        await using var scope = Server.Services.CreateAsyncScope();
        var groups = ActivatorUtilities.CreateInstance<GroupService>(
            scope.ServiceProvider,
            new AtEachLook(
                Server.Clock,
                async () =>
                {
                    if (!moved)
                    {
                        moved = true;
                        // A batch of the old rule goes past this user.
                        await using var db = Server.Open();
                        await db
                            .Groups.Where(g => g.Id == group.Id)
                            .ExecuteUpdateAsync(g => g.SetProperty(x => x.RuleCursor, user.Id), Ct);
                    }
                }
            )
        );
        Made(await groups.UpdateAsync(group.Id, Ruled(group, department), null, Ct));

        moved.ShouldBeTrue();
        (await IsMemberAsync(group, user)).ShouldBeTrue();
    }

    private static GroupInput Ruled(Group group, string department) =>
        GroupInput.From(group) with
        {
            Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]),
        };

    private protected async Task RuleAsync(Group group, string department) =>
        Made(
            await GroupsAsync(groups =>
                groups.UpdateAsync(group.Id, Ruled(group, department), null, Ct)
            )
        );

    /// <summary>As if nobody had been held against the rule yet.</summary>
    private async Task BehindAsync(Group group)
    {
        await using var db = Server.Open();
        await db
            .Groups.Where(g => g.Id == group.Id)
            .ExecuteUpdateAsync(g => g.SetProperty(x => x.RuleCursor, Guid.Empty), Ct);
    }

    private Task<bool> CatchUpAsync(Group group) =>
        Server.AskAsync<RuleMembership, bool>(rules => rules.CatchUpAsync(group.Id, Ct));

    /// <summary>Saves a user's department; something happens whenever the clock is looked at.</summary>
    private async Task<Problems.Outcome<User>> SaveAsync(
        User user,
        string department,
        Func<Task> what
    )
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var writer = ActivatorUtilities.CreateInstance<UserWriter>(
            scope.ServiceProvider,
            new AtEachLook(Server.Clock, what)
        );
        await using var db = Server.Open();
        var stored = await db.Users.SingleAsync(u => u.Id == user.Id, Ct);
        stored.Department = department;
        return await writer.SaveAsync(db, stored, null, Ct);
    }

    private protected async Task<bool> IsMemberAsync(Group group, User user)
    {
        await using var db = Server.Open();
        return await db.GroupMembers.AnyAsync(
            m => m.GroupId == group.Id && m.UserId == user.Id,
            Ct
        );
    }
}

public sealed class RuleRacesOnSqlite(SqliteIdentityProvider server)
    : RuleRaceTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class RuleRacesOnPostgreSql(PostgreSqlIdentityProvider server)
    : RuleRaceTests(server),
        IClassFixture<PostgreSqlIdentityProvider>
{
    [Fact]
    public async Task A_change_of_a_rule_waits_for_a_user_who_is_being_saved()
    {
        var department = NewName("Waiting ");
        var user = await AddAsync();
        var group = await AddGroupAsync();
        await using var scope = Server.Services.CreateAsyncScope();
        await using var db = Server.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        (await db.Users.SingleAsync(u => u.Id == user.Id, Ct)).Department = department;
        await scope.ServiceProvider.GetRequiredService<RuleMembership>().SaveAsync(db, Ct);

        var changing = RuleAsync(group, department);
        while (!changing.IsCompleted && !await SomebodyWaitsAsync())
            await Task.Yield();
        changing.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync(Ct);
        await changing;

        (await IsMemberAsync(group, user)).ShouldBeTrue();
    }

    private async Task<bool> SomebodyWaitsAsync()
    {
        await using var db = Server.Open();
        return await db
                .Database.SqlQuery<int>(
                    $"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
                .SingleAsync(Ct) > 0;
    }
}
