using System.Text.Json;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Of whom a second factor is asked, and how long there is time to set one up (J-46, J-75, J-76, J-79).</summary>
public abstract class FactorRulesTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_of_whom_none_is_asked_needs_none() =>
        (await DemandAsync(await server.AddUserAsync())).Kind.ShouldBe(FactorDemandKind.None);

    [Fact]
    [Trait("Rule", "J-75")]
    [Trait("Rule", "J-79")]
    public async Task An_administrator_has_seven_days_to_set_one_up()
    {
        var user = await server.AddUserAsync(u => u.Role = Role.Owner);
        var demand = await DemandAsync(user);
        demand.EnrolBy.ShouldBe(server.Clock.GetUtcNow().AddDays(7));
    }

    [Fact]
    [Trait("Rule", "J-79")]
    public async Task An_administrator_has_no_more_than_seven_days_however_many_others_have()
    {
        await server.AskAsync<FactorRulesService, bool>(async rules =>
            (await rules.SaveAsync(FactorRules.Default with { EnrolmentDays = 365 }, Ct)).Ok
        );
        try
        {
            var user = await server.AddUserAsync(u => u.Role = Role.Administrator);
            (await DemandAsync(user)).EnrolBy.ShouldBe(server.Clock.GetUtcNow().AddDays(7));
        }
        finally
        {
            await server.AskAsync<FactorRulesService, bool>(async rules =>
                (await rules.SaveAsync(FactorRules.Default, Ct)).Ok
            );
        }
    }

    [Fact]
    public async Task The_days_are_counted_from_the_first_time()
    {
        var user = await server.AddUserAsync(u => u.Role = Role.Owner);
        var first = await DemandAsync(user);
        server.Clock.Advance(TimeSpan.FromDays(2));
        (await DemandAsync(user)).EnrolBy.ShouldBe(first.EnrolBy);
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task After_the_days_the_right_password_opens_nothing()
    {
        var user = await server.AddUserAsync(u => u.Role = Role.Owner);
        await DemandAsync(user);
        server.Clock.Advance(TimeSpan.FromDays(8));
        var browser = server.NewBrowser();
        var page = await browser.SubmitAsync(
            await browser.OpenAsync("/sign-in"),
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
        browser.Cookie("__Host-latchkey").ShouldBeNull();
        page.Document.QuerySelector("#reference-code").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_reset_gives_the_time_again()
    {
        var user = await server.AddUserAsync(u => u.Role = Role.Owner);
        await DemandAsync(user);
        server.Clock.Advance(TimeSpan.FromDays(8));
        await ResetAsync(user);
        (await DemandAsync(user)).IsOver(server.Clock.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reset_takes_every_factor_away()
    {
        var user = await server.AddUserAsync();
        await AuthenticatorApp.EnrolAsync(server, user);
        await ResetAsync(user);
        (await DemandAsync(user)).Kind.ShouldBe(FactorDemandKind.None);
        (await server.EventsAboutAsync(user)).ShouldContain(e =>
            e.Type == EventTypes.UserFactorsReset
        );
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task Whoever_is_excluded_until_a_date_is_let_in_until_then()
    {
        var user = await server.AddUserAsync();
        await AuthenticatorApp.EnrolAsync(server, user);
        await StandingAsync(user, required: false, server.Clock.GetUtcNow().AddDays(1));
        (await DemandAsync(user)).Kind.ShouldBe(FactorDemandKind.None);
        server.Clock.Advance(TimeSpan.FromDays(2));
        (await DemandAsync(user)).Kind.ShouldBe(FactorDemandKind.Asked);
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task The_end_of_an_exclusion_is_told_once_by_one_of_several_nodes_J_119()
    {
        var user = await server.AddUserAsync();
        var until = server.Clock.GetUtcNow().AddDays(1);
        await StandingAsync(user, required: false, until);
        await EndDueAsync();
        (await ExpiriesAsync(user)).ShouldBeEmpty();

        server.Clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EndDueAsync()));
        await EndDueAsync();

        var told = (await ExpiriesAsync(user)).ShouldHaveSingleItem();
        (told.ActorId, told.ActorName, told.Success).ShouldBe((null, "Latchkey", true));
        using var details = JsonDocument.Parse(told.Details);
        details.RootElement.GetProperty("excluded_until").GetDateTimeOffset().ShouldBe(until);
        (await StandingAsync(user))!.ExcludedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task An_exclusion_that_was_taken_back_or_prolonged_does_not_end_at_its_first_date()
    {
        var back = await server.AddUserAsync();
        var prolonged = await server.AddUserAsync();
        foreach (var user in new[] { back, prolonged })
            await StandingAsync(user, required: false, server.Clock.GetUtcNow().AddDays(1));
        await StandingAsync(back, required: false, null);
        await StandingAsync(prolonged, required: false, server.Clock.GetUtcNow().AddDays(3));

        server.Clock.Advance(TimeSpan.FromDays(1));
        await EndDueAsync();

        (await ExpiriesAsync(back)).ShouldBeEmpty();
        (await ExpiriesAsync(prolonged)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_date_that_is_over_excludes_nobody_and_changes_nothing()
    {
        var user = await server.AddUserAsync();
        await StandingAsync(user, required: true, null);
        await StandingAsync(user, required: true, server.Clock.GetUtcNow().AddDays(-1));
        await EndDueAsync();
        (await server.EventsAboutAsync(user)).Select(e => e.Type).ShouldBe([EventTypes.UserUpdate]);
    }

    [Fact]
    public async Task One_user_alone_can_be_asked()
    {
        var user = await server.AddUserAsync();
        await StandingAsync(user, required: true, null);
        (await DemandAsync(user)).Kind.ShouldBe(FactorDemandKind.SetUp);
    }

    [Fact]
    [Trait("Rule", "J-74")]
    public async Task How_it_stands_has_a_name_from_asked_to_shut_out_or_set_up()
    {
        var user = await server.AddUserAsync();
        var seen = new List<EnrolmentStatus> { await StatusAsync(user) };
        await StandingAsync(user, required: true, server.Clock.GetUtcNow().AddDays(1));
        seen.Add(await StatusAsync(user));
        await StandingAsync(user, required: true, null);
        seen.Add(await StatusAsync(user));
        await DemandAsync(user);
        seen.Add(await StatusAsync(user));
        server.Clock.Advance(TimeSpan.FromDays(8));
        seen.Add(await StatusAsync(user));
        await AuthenticatorApp.EnrolAsync(server, user);
        seen.Add(await StatusAsync(user));
        var staged = await server.AddUserAsync(u => u.State = UserState.Staged);
        await StandingAsync(staged, required: true, null);
        seen.Add(await StatusAsync(staged));
        seen.ShouldBe([
            EnrolmentStatus.NotEnrolled,
            EnrolmentStatus.Disabled,
            EnrolmentStatus.PreEnrolment,
            EnrolmentStatus.InEnrolment,
            EnrolmentStatus.EnrolmentExpired,
            EnrolmentStatus.Enrolled,
            EnrolmentStatus.PendingActivation,
        ]);
    }

    private async Task<EnrolmentStatus> StatusAsync(User user)
    {
        await using var db = server.Open();
        return (await EnrolmentStatuses.OfAsync(db, user, server.Clock.GetUtcNow(), Ct)).Status;
    }

    private Task<int> EndDueAsync() =>
        server.AskAsync<FactorExclusions, int>(exclusions => exclusions.EndDueAsync(Ct));

    private async Task<IReadOnlyList<Event>> ExpiriesAsync(User user) =>
        [
            .. (await server.EventsAboutAsync(user)).Where(e =>
                e.Type == EventTypes.UserMfaExclusionExpired
            ),
        ];

    private async Task<FactorStanding?> StandingAsync(User user)
    {
        await using var db = server.Open();
        return await db.FactorStandings.SingleOrDefaultAsync(s => s.UserId == user.Id, Ct);
    }

    private Task<FactorDemand> DemandAsync(User user) =>
        server.Service<FactorDemands>().OfAsync(user, Ct);

    private Task ResetAsync(User user) =>
        server.AskAsync<FactorSetup, bool>(async setup =>
        {
            await setup.ResetAsync(user, Ct);
            return true;
        });

    private Task StandingAsync(User user, bool required, DateTimeOffset? excludedUntil) =>
        server.AskAsync<FactorSetup, bool>(async setup =>
        {
            await setup.SetStandingAsync(user, required, excludedUntil, Ct);
            return true;
        });
}

public sealed class SqliteFactorRulesTests(SqliteIdentityProvider server)
    : FactorRulesTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlFactorRulesTests(PostgreSqlIdentityProvider server)
    : FactorRulesTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
