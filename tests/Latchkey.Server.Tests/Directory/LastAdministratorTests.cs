using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Somebody can always administer.</summary>
public abstract class LastAdministratorTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task The_last_administrator_cannot_lose_the_right()
    {
        var last = await OnlyAdministratorAsync();
        Refusals(await ChangeAsync(last, input => input with { IsAdministrator = false }))
            .ShouldBe(["is_administrator: last-administrator"]);
    }

    [Theory]
    [InlineData(nameof(UserState.Suspended))]
    [InlineData(nameof(UserState.Staged))]
    public async Task The_last_administrator_cannot_lose_the_way_in(string state)
    {
        var last = await OnlyAdministratorAsync();
        Refusals(
                await ChangeAsync(
                    last,
                    input => input with { State = Enum.Parse<UserState>(state) }
                )
            )
            .ShouldBe(["state: last-administrator"]);
    }

    [Fact]
    public async Task The_last_administrator_cannot_be_deleted()
    {
        var last = await OnlyAdministratorAsync();
        Refusals(await UsersAsync(users => users.DeleteAsync(last.Id, Ct)))
            .ShouldBe(["state: last-administrator"]);
        (await FindAsync(last)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_refused_leaves_no_event()
    {
        var last = await OnlyAdministratorAsync();
        await UsersAsync(users => users.DeleteAsync(last.Id, Ct));
        (await EventTypesAsync(last.Id)).ShouldNotContain(EventTypes.UserDelete);
    }

    [Fact]
    public async Task A_suspended_administrator_does_not_count()
    {
        var last = await OnlyAdministratorAsync();
        await AddAsync(Somebody() with { IsAdministrator = true, State = UserState.Suspended });
        Refusals(await UsersAsync(users => users.DeleteAsync(last.Id, Ct)))
            .ShouldBe(["state: last-administrator"]);
    }

    [Fact]
    public async Task One_of_two_may_go_and_it_is_told()
    {
        var first = await OnlyAdministratorAsync();
        await AddAsync(Somebody() with { IsAdministrator = true });
        Made(await ChangeAsync(first, input => input with { IsAdministrator = false }));
        (await EventTypesAsync(first.Id)).ShouldContain(EventTypes.UserAdminRevoked);
    }

    [Fact]
    public async Task Of_two_who_step_down_at_the_same_moment_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var first = await OnlyAdministratorAsync();
            var second = await AddAsync(Somebody() with { IsAdministrator = true });

            await Task.WhenAll(
                ChangeAsync(first, input => input with { IsAdministrator = false }),
                UsersAsync(users => users.DeleteAsync(second.Id, Ct))
            );

            await using var db = Server.Open();
            (await db.Users.CountAsync(u => u.IsAdministrator, Ct)).ShouldBeGreaterThan(0);
        }
    }

    private async Task<User> OnlyAdministratorAsync()
    {
        await using (var db = Server.Open())
        {
            await db
                .Users.Where(u => u.IsAdministrator)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdministrator, false), Ct);
        }
        return await AddAsync(Somebody() with { IsAdministrator = true });
    }

    private Task<Outcome<User>> ChangeAsync(User user, Func<UserInput, UserInput> change) =>
        UsersAsync(users =>
            users.UpdateAsync(user.Id, change(UserInput.From(user)), user.Version, Ct)
        );
}

public sealed class LastAdministratorOnSqlite(SqliteIdentityProvider server)
    : LastAdministratorTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class LastAdministratorOnPostgreSql(PostgreSqlIdentityProvider server)
    : LastAdministratorTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
