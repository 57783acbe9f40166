using Latchkey.Server.Directory;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>Managers from a file of users: set when everybody is there, for the rows that came in (J-102).</summary>
public abstract class ImportedManagerTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    [Trait("Rule", "J-102")]
    public async Task Who_exists_and_is_not_to_be_changed_keeps_the_manager()
    {
        var (user, boss) = (await AddAsync(), await AddAsync());
        await ImportAsync(
            $"Username,Email,Manager\n{user.Username},{user.Email},{boss.Username}\n{NewName()},{NewName()}@example.test,\n"
        );
        var after = await FindAsync(user);
        (after.ManagerId, after.Version).ShouldBe((null, user.Version));
    }

    [Fact]
    public async Task A_row_that_is_left_out_sets_no_manager()
    {
        var (user, boss) = (await AddAsync(), await AddAsync());
        await ImportAsync(
            $"Username,Email,Manager\n{user.Username},nowhere,{boss.Username}\n{NewName()},{NewName()}@example.test,\n",
            update: true
        );
        (await FindAsync(user)).ManagerId.ShouldBeNull();
    }

    [Fact]
    public async Task Who_exists_and_is_to_be_changed_gets_the_manager_and_an_event_tells()
    {
        var (user, boss) = (await AddAsync(), NewName());
        await ImportAsync(
            $"Username,Email,Manager\n{user.Username},{user.Email},{boss}\n{boss},{boss}@example.test,\n",
            update: true
        );
        (await FindAsync(user)).ManagerId.ShouldBe((await FindAsync(boss))!.Id);
        (await EventsAsync(user.Id, "user_update")).Single().Details.ShouldContain("manager_id");
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_manager_nobody_knows_is_told_before_and_after_the_import()
    {
        var name = NewName();
        var found = await CheckAsync(
            $"Username,Email,Manager\n{name},{name}@example.test,no-such-boss\n"
        );
        (await ProblemsAsync(found)).ShouldBe(["2 Manager import-manager-unknown"]);

        await SayYesAsync(found);
        await RunAsync();

        (await ProblemsAsync(await ImportAsync(found.Id))).ShouldBe([
            "2 Manager import-manager-unknown",
        ]);
        (await FindAsync(name))!.ManagerId.ShouldBeNull();
    }
}

public sealed class ImportedManagersOnSqlite(SqliteIdentityProvider server)
    : ImportedManagerTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ImportedManagersOnPostgreSql(PostgreSqlIdentityProvider server)
    : ImportedManagerTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
