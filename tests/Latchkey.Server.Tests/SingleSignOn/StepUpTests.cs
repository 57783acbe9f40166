using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>A second factor that an application or its service provider asks for (J-46, J-25, J-36, S1-31).</summary>
public abstract class StepUpTests(TestIdentityProvider server)
{
    private const string Right = TestIdentityProvider.Password;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "S1-31")]
    public async Task What_was_really_done_is_stated()
    {
        var (sp, user) = await SetUpAsync();
        var app = await AuthenticatorApp.EnrolAsync(server, user);
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        sp.Accept(page, request).AuthnContextClassRef.ShouldBe(AuthnContexts.RefedsMfa);
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task A_session_without_a_second_factor_is_asked_for_it_alone()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var app = await AuthenticatorApp.EnrolAsync(server, user);
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Document.QuerySelector("input[name=password]").ShouldBeNull();
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        sp.Accept(page, request).AuthnContextClassRef.ShouldBe(AuthnContexts.RefedsMfa);
    }

    [Fact]
    public async Task An_application_that_demands_one_makes_its_user_set_one_up()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var request = sp.Request();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await browser.SubmitAsync(page, ("code", AuthenticatorApp.Of(server, page).Code()));
        sp.Accept(page, request);
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task An_application_that_demands_one_is_not_opened_by_a_password_alone()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_takes_over_in_the_middle_of_a_sign_in_reaches_the_application(
        bool enrolled
    )
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var other = await server.AddUserAsync();
        await LetInAsync(sp, other);
        if (enrolled)
            await AuthenticatorApp.EnrolAsync(server, user);
        var app = await AuthenticatorApp.EnrolAsync(server, other);
        var request = sp.Request();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));

        page = await browser.PressAsync(page, "#another");
        page.Field("username").ShouldBe("");
        page = await browser.SubmitAsync(page, ("username", other.Username), ("password", Right));
        page = await browser.SubmitAsync(page, ("code", app.Code()));

        sp.Accept(page, request).NameId!.Value.ShouldBe(other.Email);
    }

    [Fact]
    public async Task Who_takes_over_from_somebody_signed_in_ends_that_session()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await server.SignedInAsync(user);
        var elsewhere = await server.SignedInAsync(user);
        await AuthenticatorApp.EnrolAsync(server, user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");

        page = await browser.PressAsync(page, "#another");

        page.Field("username").ShouldBe("");
        page.Document.QuerySelector("input[name=password]").ShouldNotBeNull();
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
        (await elsewhere.OpenAsync("/")).Address.ShouldBe("/");
        (await server.EventsAboutAsync(user)).ShouldContain(e => e.Type == EventTypes.SessionEnd);
    }

    [Fact]
    public async Task Where_no_page_may_be_shown_the_service_provider_is_told_NoPassive()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r => r with { IsPassive = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        TestServiceProvider.Statuses(page).ShouldContain(StatusCodes.NoPassive);
    }

    [Fact]
    public async Task A_demand_counts_at_the_next_request_of_a_session()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var first = sp.Request();
        sp.Accept(await browser.OpenAsync(sp.Redirect(first), "cross-site"), first);
        await DemandAsync(sp);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
    }

    [Fact]
    public async Task Who_has_no_access_is_not_asked_for_a_second_factor_first()
    {
        var (sp, _) = await SetUpAsync(demanded: true);
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.ReferenceCode.ShouldNotBeNull();
    }

    private static RequestedAuthnContext Mfa =>
        new([AuthnContexts.RefedsMfa], AuthnContextComparison.Exact);

    private async Task<(TestServiceProvider Sp, User User)> SetUpAsync(bool demanded = false)
    {
        var user = await server.AddUserAsync();
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, user);
        if (demanded)
            await DemandAsync(sp);
        return (sp, user);
    }

    private async Task LetInAsync(TestServiceProvider sp, User user)
    {
        await using var database = server.Open();
        await server.LetInAsync(database.Applications.Single(a => a.Slug == sp.Slug), user);
    }

    private async Task DemandAsync(TestServiceProvider sp)
    {
        await using var database = server.Open();
        var id = database.Applications.Single(a => a.Slug == sp.Slug).Id;
        await server.AskAsync<FactorRulesService, bool>(async rules =>
        {
            var present = await rules.ReadAsync(Ct);
            var saved = await rules.SaveAsync(
                present with
                {
                    Applications = [.. present.Applications, id],
                },
                Ct
            );
            return saved.Ok;
        });
    }
}

public sealed class SqliteStepUpTests(SqliteIdentityProvider server)
    : StepUpTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlStepUpTests(PostgreSqlIdentityProvider server)
    : StepUpTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
