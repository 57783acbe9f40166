using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Users may take their last factor away, to put another in its place; where one is asked that gives them a day and no new period (J-75).</summary>
public abstract class LastFactorTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    [Trait("Rule", "J-75")]
    public async Task Who_takes_the_last_one_away_has_a_day_for_another()
    {
        var user = await Server.AddUserAsync(u => u.Role = Role.Owner);
        await EnrolAndRemoveAsync(user);
        (await DemandAsync(user)).EnrolBy.ShouldBe(Server.Clock.GetUtcNow().AddDays(1));
    }

    [Fact]
    public async Task After_that_day_the_password_alone_opens_nothing()
    {
        var user = await Server.AddUserAsync(u => u.Role = Role.Owner);
        await EnrolAndRemoveAsync(user);
        var end = Server.Clock.GetUtcNow().AddDays(1);
        Server.Clock.Advance(TimeSpan.FromHours(25));
        (await DemandAsync(user)).ShouldBe(new(FactorDemandKind.SetUp, end));
    }

    [Fact]
    public async Task Who_keeps_a_passkey_has_not_taken_the_last_one_away()
    {
        var user = await Server.AddUserAsync(u => u.Role = Role.Owner);
        await using (var database = Server.Open())
        {
            database.Passkeys.Add(TestPasskey.Stored(user.Id, Server.Clock.GetUtcNow()));
            await database.SaveChangesAsync(Ct);
        }
        await EnrolAndRemoveAsync(user);
        (await DemandAsync(user)).ShouldBe(FactorDemand.Asked);
    }

    [Fact]
    public async Task Of_whom_none_is_asked_nothing_is_asked_afterwards()
    {
        var user = await Server.AddUserAsync();
        await EnrolAndRemoveAsync(user);
        (await DemandAsync(user)).ShouldBe(FactorDemand.None);
    }

    private async Task EnrolAndRemoveAsync(User user)
    {
        await AuthenticatorApp.EnrolAsync(Server, user);
        await Server.AskAsync<FactorSetup, bool>(async setup =>
        {
            await setup.RemoveAuthenticatorAsync(user, Ct);
            return true;
        });
    }

    private Task<FactorDemand> DemandAsync(User user) =>
        Server.Service<FactorDemands>().OfAsync(user, Ct);
}

public sealed class SqliteLastFactorTests(SqliteIdentityProvider server)
    : LastFactorTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlLastFactorTests(PostgreSqlIdentityProvider server)
    : LastFactorTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
