using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>ForceAuthn, exclusions and demands where they meet (I7, J-46, J-76).</summary>
public abstract class ForcedSecondStepTests(TestIdentityProvider server) : StepUpTest(server)
{
    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_asks_for_both_steps_anew_of_whoever_has_two()
    {
        var (sp, user) = await SetUpAsync();
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()));
        Server.Clock.Advance(TimeSpan.FromMinutes(5));
        var request = sp.Request(r => r with { ForceAuthn = true });
        page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("password", Right));
        page.Field("SAMLResponse").ShouldBeNull();
        sp.Accept(await browser.SubmitAsync(page, ("code", app.Code())), request);
        (await SessionAsync(browser)).AuthnInstant.ShouldBe(Server.Clock.GetUtcNow());
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_that_somebody_else_answers_names_them_and_ends_the_other_session()
    {
        var (sp, user) = await SetUpAsync();
        var other = await Server.AddUserAsync();
        await LetInAsync(sp, other);
        var browser = await Server.SignedInAsync(user);
        var before = browser.Cookie(Cookie)!;
        var request = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", other.Username), ("password", Right));
        sp.Accept(page, request).NameId!.Value.ShouldBe(other.Email);
        (
            await Server.Service<Latchkey.Server.SignIn.SessionService>().FindAsync(before, Ct)
        ).ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "J-46")]
    [Trait("Rule", "J-76")]
    public async Task Who_is_excluded_for_a_time_opens_no_application_that_demands_a_second_step()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        await Server.AskAsync<FactorSetup, Problems.Problem?>(setup =>
            setup.SetStandingAsync(user, false, Server.Clock.GetUtcNow().AddDays(1), Ct)
        );
        var browser = await Server.SignedInAsync(user);
        var request = sp.Request();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
        sp.Accept(await browser.SubmitAsync(page, ("code", app.Code())), request);
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task A_group_asks_its_members_and_nobody_who_left_it()
    {
        var user = await Server.AddUserAsync();
        var group = await Server.GroupAsync(null, user);
        await Server.AskAsync<FactorRulesService, bool>(async rules =>
            (await rules.SaveAsync((await rules.ReadAsync(Ct)) with { Groups = [group.Id] }, Ct)).Ok
        );
        var page = await PasswordAsync(Server.NewBrowser(), user);
        page.Document.QuerySelector("#later").ShouldNotBeNull();

        await using (var database = Server.Open())
        {
            database.GroupMembers.RemoveRange(
                database.GroupMembers.Where(m => m.UserId == user.Id)
            );
            await database.SaveChangesAsync(Ct);
        }
        (await PasswordAsync(Server.NewBrowser(), user)).Address.ShouldBe("/");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(365, true)]
    [InlineData(366, false)]
    [Trait("Rule", "J-75")]
    public async Task There_are_1_to_365_days_for_setting_one_up(int days, bool accepted) =>
        (
            await Server.AskAsync<FactorRulesService, bool>(async rules =>
                (
                    await rules.SaveAsync(
                        (await rules.ReadAsync(Ct)) with
                        {
                            EnrolmentDays = days,
                        },
                        Ct
                    )
                ).Ok
            )
        ).ShouldBe(accepted);
}

public sealed class SqliteForcedSecondStepTests(SqliteIdentityProvider server)
    : ForcedSecondStepTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlForcedSecondStepTests(PostgreSqlIdentityProvider server)
    : ForcedSecondStepTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
