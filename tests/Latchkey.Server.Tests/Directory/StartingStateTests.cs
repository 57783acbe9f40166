using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Tests.Directory.Import;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Where nobody says in which state a user begins, the setting for that way of creating says it (J-61).</summary>
public abstract class StartingStateTests(TestIdentityProvider server) : ImportTest(server)
{
    [Theory]
    [InlineData("staged")]
    [InlineData("activated")]
    [Trait("Rule", "J-61")]
    public async Task By_hand_the_form_begins_with_it_J_61(string state)
    {
        await SetAsync(CreationWay.ByHand, state);
        var name = NewName("hand");
        var browser = await Server.BrowserAsync();
        await browser.OpenAsync("/admin/users/new");
        browser.Type("#Input_Username", name);
        browser.Type("#Input_Email", $"{name}@example.test");

        await browser.ClickAsync(".lk-save .btn-primary");

        UserChanges.Name((await FindAsync(name))!.State).ShouldBe(state);
    }

    [Theory]
    [InlineData("staged")]
    [InlineData("activated")]
    [Trait("Rule", "J-61")]
    public async Task From_a_file_rows_without_a_state_begin_in_it_J_61(string state)
    {
        await SetAsync(CreationWay.Import, state);
        var name = NewName("row");

        await ImportAsync(
            $"""
            {Header},state
            Ada,L,{name}a,,{name}a@example.test,
            Bob,B,{name}b,,{name}b@example.test,suspended
            """
        );

        UserChanges.Name((await FindAsync(name + "a"))!.State).ShouldBe(state);
        (await FindAsync(name + "b"))!.State.ShouldBe(UserState.Suspended);
    }

    private Task<int> SetAsync(CreationWay way, string state) =>
        Server.AskAsync<StartingStates, int>(async states =>
        {
            await states.SaveAsync(way, Enum.Parse<UserState>(state, ignoreCase: true), Ct);
            return 0;
        });
}

public sealed class StartingStatesOnSqlite(SqliteIdentityProvider server)
    : StartingStateTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class StartingStatesOnPostgreSql(PostgreSqlIdentityProvider server)
    : StartingStateTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
