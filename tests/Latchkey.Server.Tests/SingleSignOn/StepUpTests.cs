using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>A second factor that an application or its service provider asks for (J-46, J-25, J-36, S1-31).</summary>
public abstract class StepUpTests(TestIdentityProvider server) : StepUpTest(server)
{
    [Fact]
    [Trait("Rule", "S1-31")]
    public async Task What_was_really_done_is_stated()
    {
        var (sp, user) = await SetUpAsync();
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var browser = Server.NewBrowser();
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
        var browser = await Server.SignedInAsync(user);
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Document.QuerySelector("input[name=password]").ShouldBeNull();
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        sp.Accept(page, request).AuthnContextClassRef.ShouldBe(AuthnContexts.RefedsMfa);
    }

    [Fact]
    public async Task An_application_that_demands_one_makes_its_user_set_one_up_and_keep_recovery_codes()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var request = sp.Request();
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await ConfirmAppAsync(browser, page);
        page.Title.ShouldBe("Recovery codes");
        page.Document.QuerySelector("main textarea")!.TextContent.Split('\n').Length.ShouldBe(10);
        page = await browser.OpenAsync(page.Document.QuerySelector("#kept")!.GetAttribute("href")!);
        sp.Accept(page, request).AuthnContextClassRef.ShouldBe(AuthnContexts.TimeSyncToken);
    }

    [Fact]
    public async Task Recovery_codes_that_are_there_already_stay()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        await RecoveryCodesAsync(user);
        var request = sp.Request();
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        sp.Accept(await ConfirmAppAsync(browser, page), request);
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task An_open_browser_is_not_enough_to_set_a_second_factor_up()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await Server.SignedInAsync(user);
        Server.Clock.Advance(TimeSpan.FromMinutes(20));
        var request = sp.Request();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Document.QuerySelector("input[name=password]").ShouldNotBeNull();
        page.Document.QuerySelector(".lk-qr").ShouldBeNull();
        (await AuthenticatorApp.HasBegunAsync(Server, user)).ShouldBeFalse();

        page = await browser.SubmitAsync(page, ("password", Right));
        page = await ConfirmAppAsync(browser, page);
        page = await browser.OpenAsync(page.Document.QuerySelector("#kept")!.GetAttribute("href")!);
        sp.Accept(page, request);
    }

    [Fact]
    public async Task Who_proved_the_password_a_moment_ago_sets_a_second_factor_up_at_once()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await Server.SignedInAsync(user);
        Server.Clock.Advance(TimeSpan.FromMinutes(5));
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.Document.QuerySelector(".lk-qr").ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "J-48")]
    public async Task A_code_alone_moves_neither_the_moment_nor_the_end_of_a_session()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await Server.SignedInAsync(user);
        var before = await SessionAsync(browser);
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        Server.Clock.Advance(TimeSpan.FromMinutes(10));
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        sp.Accept(await browser.SubmitAsync(page, ("code", app.Code())), request);

        var after = await SessionAsync(browser);
        (after.Methods, after.AuthnInstant, after.ExpiresAt).ShouldBe(
            ("pwd otp mfa", before.AuthnInstant, before.ExpiresAt)
        );
        after.TokenHash.ShouldNotBe(before.TokenHash);
    }

    [Fact]
    [Trait("Rule", "J-36")]
    public async Task A_recovery_code_is_a_second_factor_and_no_code_by_time()
    {
        var (sp, user) = await SetUpAsync();
        await AuthenticatorApp.EnrolAsync(Server, user);
        var codes = await RecoveryCodesAsync(user);
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page = await browser.SubmitAsync(page, ("code", codes[0]));
        sp.Accept(page, request).AuthnContextClassRef.ShouldBe(AuthnContexts.RefedsMfa);

        var timed = sp.Request(r =>
            r with
            {
                RequestedAuthnContext = new(
                    [AuthnContexts.TimeSyncToken],
                    AuthnContextComparison.Exact
                ),
            }
        );
        page = await browser.OpenAsync(sp.Redirect(timed), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task An_application_that_demands_one_is_not_opened_by_a_password_alone()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await Server.SignedInAsync(user);
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
        var other = await Server.AddUserAsync();
        await LetInAsync(sp, other);
        if (enrolled)
            await AuthenticatorApp.EnrolAsync(Server, user);
        var app = await AuthenticatorApp.EnrolAsync(Server, other);
        var request = sp.Request();
        var browser = Server.NewBrowser();
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
        var browser = await Server.SignedInAsync(user);
        var elsewhere = await Server.SignedInAsync(user);
        await AuthenticatorApp.EnrolAsync(Server, user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");

        page = await browser.PressAsync(page, "#another");

        page.Field("username").ShouldBe("");
        page.Document.QuerySelector("input[name=password]").ShouldNotBeNull();
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
        (await elsewhere.OpenAsync("/")).Address.ShouldBe("/");
        (await Server.EventsAboutAsync(user)).ShouldContain(e => e.Type == EventTypes.SessionEnd);
    }

    [Fact]
    public async Task Where_no_page_may_be_shown_the_service_provider_is_told_NoPassive()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var browser = await Server.SignedInAsync(user);
        var request = sp.Request(r => r with { IsPassive = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        TestServiceProvider.Statuses(page).ShouldContain(StatusCodes.NoPassive);
    }

    [Fact]
    public async Task A_demand_counts_at_the_next_request_of_a_session()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await Server.SignedInAsync(user);
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
        var browser = await Server.SignedInAsync(await Server.AddUserAsync());
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.ReferenceCode.ShouldNotBeNull();
    }
}

public sealed class SqliteStepUpTests(SqliteIdentityProvider server)
    : StepUpTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlStepUpTests(PostgreSqlIdentityProvider server)
    : StepUpTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
