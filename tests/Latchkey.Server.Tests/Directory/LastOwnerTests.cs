using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>There is always an owner.</summary>
public abstract class LastOwnerTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task The_last_owner_cannot_lose_the_role()
    {
        var last = await OnlyOwnerAsync();
        Refusals(await ChangeAsync(last, input => input with { Role = null }))
            .ShouldBe(["role: last-owner"]);
    }

    [Theory]
    [InlineData(nameof(UserState.Suspended))]
    [InlineData(nameof(UserState.Staged))]
    public async Task The_last_owner_cannot_lose_the_way_in(string state)
    {
        var last = await OnlyOwnerAsync();
        Refusals(
                await ChangeAsync(
                    last,
                    input => input with { State = Enum.Parse<UserState>(state) }
                )
            )
            .ShouldBe(["state: last-owner"]);
    }

    [Fact]
    public async Task The_last_owner_cannot_be_deleted()
    {
        var last = await OnlyOwnerAsync();
        Refusals(await UsersAsync(users => users.DeleteAsync(last.Id, Ct)))
            .ShouldBe(["state: last-owner"]);
        (await FindAsync(last)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_refused_leaves_no_event()
    {
        var last = await OnlyOwnerAsync();
        await UsersAsync(users => users.DeleteAsync(last.Id, Ct));
        (await EventTypesAsync(last.Id)).ShouldNotContain(EventTypes.UserDelete);
    }

    [Fact]
    public async Task A_suspended_owner_does_not_count()
    {
        var last = await OnlyOwnerAsync();
        await AddAsync(Somebody() with { Role = Role.Owner, State = UserState.Suspended });
        Refusals(await UsersAsync(users => users.DeleteAsync(last.Id, Ct)))
            .ShouldBe(["state: last-owner"]);
    }

    [Fact]
    public async Task One_of_two_may_go_and_it_is_told()
    {
        var first = await OnlyOwnerAsync();
        await AddAsync(Somebody() with { Role = Role.Owner });
        Made(await ChangeAsync(first, input => input with { Role = null }));
        (await EventTypesAsync(first.Id)).ShouldContain(EventTypes.UserAdminRevoked);
    }

    [Fact]
    public async Task Of_two_who_step_down_at_the_same_moment_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var first = await OnlyOwnerAsync();
            var second = await AddAsync(Somebody() with { Role = Role.Owner });

            await Task.WhenAll(
                ChangeAsync(first, input => input with { Role = null }),
                UsersAsync(users => users.DeleteAsync(second.Id, Ct))
            );

            await using var db = Server.Open();
            (await db.Users.CountAsync(u => u.Role == Role.Owner, Ct)).ShouldBeGreaterThan(0);
        }
    }

    private async Task<User> OnlyOwnerAsync()
    {
        await using (var db = Server.Open())
        {
            await db
                .Users.Where(u => u.Role == Role.Owner)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, (Role?)null), Ct);
        }
        return await AddAsync(Somebody() with { Role = Role.Owner });
    }

    private Task<Outcome<User>> ChangeAsync(User user, Func<UserInput, UserInput> change) =>
        UsersAsync(users =>
            users.UpdateAsync(user.Id, change(UserInput.From(user)), user.Version, Ct)
        );
}

public sealed class LastOwnerOnSqlite(SqliteIdentityProvider server)
    : LastOwnerTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class LastOwnerOnPostgreSql(PostgreSqlIdentityProvider server)
    : LastOwnerTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
