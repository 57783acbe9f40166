using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>A demand that ended and comes back gives its days anew, whatever it came from (J-75).</summary>
public abstract class ReturningDemandTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    [Trait("Rule", "J-75")]
    public async Task One_of_everybody_that_comes_back_begins_its_days_anew()
    {
        var user = await Server.AddUserAsync();
        await RulesAsync(r => r with { Everybody = true });
        try
        {
            await DemandAsync(user);
            await RulesAsync(r => r with { Everybody = false });
            Server.Clock.Advance(TimeSpan.FromDays(30));
            await RulesAsync(r => r with { Everybody = true });
            await ShouldBeginAnewAsync(user);
        }
        finally
        {
            await RulesAsync(_ => FactorRules.Default);
        }
    }

    [Fact]
    public async Task One_of_a_group_that_comes_back_begins_its_days_anew()
    {
        var user = await Server.AddUserAsync();
        var group = await Server.GroupAsync(null, user);
        await RulesAsync(r => r with { Groups = [group.Id] });
        await DemandAsync(user);
        await RulesAsync(r => r with { Groups = [] });
        Server.Clock.Advance(TimeSpan.FromDays(30));
        await RulesAsync(r => r with { Groups = [group.Id] });
        await ShouldBeginAnewAsync(user);
    }

    [Fact]
    public async Task Who_leaves_a_group_and_joins_it_again_has_the_days_anew()
    {
        var user = await Server.AddUserAsync();
        var group = await Server.GroupAsync(null, user);
        await RulesAsync(r => r with { Groups = [group.Id] });
        await DemandAsync(user);
        await using (var database = Server.Open())
            await database.GroupMembers.Where(m => m.UserId == user.Id).ExecuteDeleteAsync(Ct);
        Server.Clock.Advance(TimeSpan.FromDays(30));
        await using (var database = Server.Open())
        {
            database.GroupMembers.Add(
                new()
                {
                    GroupId = group.Id,
                    UserId = user.Id,
                    AddedAt = Server.Clock.GetUtcNow(),
                }
            );
            await database.SaveChangesAsync(Ct);
        }
        await ShouldBeginAnewAsync(user);
    }

    [Fact]
    public async Task Who_loses_a_role_and_gets_one_again_has_the_days_anew()
    {
        var user = await Server.AddUserAsync(u => u.Role = Role.Auditor);
        await DemandAsync(user);
        await GiveAsync(user, null);
        Server.Clock.Advance(TimeSpan.FromDays(30));
        await GiveAsync(user, Role.Auditor);
        await ShouldBeginAnewAsync(user);
    }

    [Fact]
    public async Task Of_whom_alone_it_is_asked_again_has_the_days_anew()
    {
        var user = await Server.AddUserAsync();
        await StandingAsync(user, required: true);
        await DemandAsync(user);
        await StandingAsync(user, required: false);
        Server.Clock.Advance(TimeSpan.FromDays(30));
        await StandingAsync(user, required: true);
        await ShouldBeginAnewAsync(user);
    }

    [Fact]
    public async Task A_demand_for_a_second_reason_gives_no_days_anew()
    {
        var user = await Server.AddUserAsync();
        await StandingAsync(user, required: true);
        var first = await DemandAsync(user);
        await RulesAsync(r => r with { Everybody = true });
        Server.Clock.Advance(TimeSpan.FromDays(2));
        await RulesAsync(r => r with { Everybody = false });
        (await DemandAsync(user)).EnrolBy.ShouldBe(first.EnrolBy);
    }

    private async Task ShouldBeginAnewAsync(User user)
    {
        await using var database = Server.Open();
        var present = await database.Users.SingleAsync(u => u.Id == user.Id, Ct);
        (
            await EnrolmentStatuses.OfAsync(database, present, Server.Clock.GetUtcNow(), Ct)
        ).Status.ShouldBe(EnrolmentStatus.PreEnrolment);
        (await DemandAsync(present)).EnrolBy.ShouldBe(Server.Clock.GetUtcNow().AddDays(7));
    }

    private Task<FactorDemand> DemandAsync(User user) =>
        Server.Service<FactorDemands>().OfAsync(user, Ct);

    private Task RulesAsync(Func<FactorRules, FactorRules> change) =>
        Server.AskAsync<FactorRulesService, bool>(async rules =>
            (await rules.SaveAsync(change(await rules.ReadAsync(Ct)), Ct)).Ok
        );

    private Task StandingAsync(User user, bool required) =>
        Server.AskAsync<FactorSetup, Problems.Problem?>(setup =>
            setup.SetStandingAsync(user, required, excludedUntil: null, Ct)
        );

    private Task GiveAsync(User user, Role? role) =>
        Server.AskAsync<UserService, bool>(async users =>
            (
                await users.UpdateAsync(
                    user.Id,
                    UserInput.From(user) with
                    {
                        Role = role,
                    },
                    null,
                    Ct
                )
            ).Ok
        );
}

public sealed class SqliteReturningDemandTests(SqliteIdentityProvider server)
    : ReturningDemandTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlReturningDemandTests(PostgreSqlIdentityProvider server)
    : ReturningDemandTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
