using System.Net;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SingleSignOn;

public abstract class SpInitiatedTests(TestIdentityProvider server)
{
    private const string Right = TestIdentityProvider.Password;

    // Messages carry whole seconds.
    private static readonly TimeSpan s_written = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("Rule", "S0-04")]
    [Trait("Rule", "S1-01")]
    [Trait("Rule", "S1-21")]
    [Trait("Rule", "S1-23")]
    [Trait("Rule", "S1-26")]
    [Trait("Rule", "S1-27")]
    public async Task A_request_by_redirect_leads_through_the_sign_in_to_a_signed_response()
    {
        var (sp, user) = await SetUpAsync();
        var request = sp.Request();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request, "return/here"), "cross-site");
        page.Address.ShouldStartWith("/sign-in?s=");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        var assertion = sp.Accept(page, request);
        assertion.NameId!.Value.ShouldBe(user.Email);
        page.Field("RelayState").ShouldBe("return/here");
    }

    [Fact]
    [Trait("Rule", "S0-05")]
    public async Task With_a_session_the_response_comes_at_once()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        sp.Accept(page, request).NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    public async Task A_request_posted_by_another_site_finds_the_session_on_our_own_page()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        var page = await browser.PostAsync(
            sp.Address,
            TestServiceProvider.Post(request, "a b+c"),
            "cross-site"
        );
        sp.Accept(page, request).NameId!.Value.ShouldBe(user.Email);
        page.Field("RelayState").ShouldBe("a b+c");
    }

    [Theory]
    [InlineData("https://wiki.example.test/page?a=1&b=%20\"<>'")]
    [InlineData("ünïcödé ✓ +/=")]
    public async Task Relay_state_comes_back_as_it_went(string relayState)
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request(), relayState), "cross-site");
        page.Field("RelayState").ShouldBe(relayState);
    }

    [Fact]
    public async Task Without_relay_state_none_is_sent()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        page.Field("RelayState").ShouldBeNull();
    }

    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    [InlineData(SignedParts.AssertionAndResponse)]
    [Trait("Rule", "J-15")]
    public async Task The_parts_that_the_application_wants_are_signed(SignedParts parts)
    {
        var (sp, user) = await SetUpAsync(a => a.Sign = parts);
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        TestServiceProvider
            .Xml(page)
            .Descendants()
            .Where(e => e.Name.LocalName == "Signature")
            .Select(e => e.Parent!.Name.LocalName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                parts switch
                {
                    SignedParts.Assertion => ["Assertion"],
                    SignedParts.Response => ["Response"],
                    _ => ["Assertion", "Response"],
                }
            );
    }

    [Fact]
    public async Task The_assertion_says_when_the_user_proved_it_and_lives_five_minutes()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var signedInAt = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromMinutes(30));
        var request = sp.Request();
        var assertion = sp.Accept(
            await browser.OpenAsync(sp.Redirect(request), "cross-site"),
            request
        );
        assertion.AuthnInstant.ShouldBe(signedInAt, s_written);
        assertion.NotOnOrAfter.ShouldBe(server.Clock.GetUtcNow().AddMinutes(5), s_written);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_demands_the_password_again_and_moves_the_moment()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        var request = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Address.ShouldStartWith("/sign-in?s=");
        page.Field("username").ShouldBe(user.Username);
        // Looking at the page again is no proof.
        page = await browser.OpenAsync(page.Address);
        page.Address.ShouldStartWith("/sign-in?s=");
        page = await browser.SubmitAsync(page, ("password", Right));
        sp.Accept(page, request).AuthnInstant.ShouldBe(server.Clock.GetUtcNow(), s_written);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_is_satisfied_though_time_passes_between_its_steps()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        server.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        try
        {
            page = await browser.SubmitAsync(page, ("password", Right));
        }
        finally
        {
            server.Clock.AutoAdvanceAmount = TimeSpan.Zero;
        }
        sp.Accept(page, request).NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    public async Task IsPassive_without_a_session_is_answered_with_NoPassive()
    {
        var (sp, _) = await SetUpAsync();
        var request = sp.Request(r => r with { IsPassive = true });
        var page = await server.NewBrowser().OpenAsync(sp.Redirect(request, "rs"), "cross-site");
        TestServiceProvider.Statuses(page).ShouldBe([StatusCodes.Responder, StatusCodes.NoPassive]);
        (page.Action, page.Field("RelayState")).ShouldBe((sp.Consumer, "rs"));
    }

    [Fact]
    public async Task IsPassive_posted_by_another_site_finds_the_session_all_the_same()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r => r with { IsPassive = true });
        var page = await browser.PostAsync(
            sp.Address,
            TestServiceProvider.Post(request),
            "cross-site"
        );
        sp.Accept(page, request).NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    public async Task B5_The_page_that_posts_may_run_its_one_script_and_is_kept_nowhere()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        var nonce = page.Document.QuerySelector("script")!.GetAttribute("nonce");
        page.Headers["Content-Security-Policy"]
            .ShouldBe(
                $"default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"
            );
        page.Headers["Cache-Control"].ShouldBe("no-store");
        page.Document.QuerySelector("form button[type=submit]").ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "J-122")]
    public async Task Every_step_is_recorded_under_one_reference_code()
    {
        var (sp, user) = await SetUpAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        await using var database = server.Open();
        var code = await database
            .Events.Where(e => e.ActorId == user.Id && e.Type == EventTypes.SsoAuth)
            .Select(e => e.ReferenceCode)
            .SingleAsync(TestContext.Current.CancellationToken);
        (await server.EventsAsync(code!))
            .SelectMany(e => Steps(e).Append(e.Type))
            .ShouldBe([
                EventTypes.SamlRequestReceived,
                EventTypes.UserLoginAttempt,
                EventTypes.SamlDecision,
                EventTypes.SamlResponseIssued,
                EventTypes.SsoAuth,
            ]);
    }

    [Fact]
    [Trait("Rule", "J-122")]
    public async Task A_sign_in_with_a_session_is_one_event_that_holds_its_steps()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        await browser.OpenAsync(sp.Redirect(request), "cross-site");
        await using var database = server.Open();
        var happened = await database
            .Events.Where(e => e.ActorId == user.Id && e.TargetType == "application")
            .SingleAsync(TestContext.Current.CancellationToken);
        Steps(happened)
            .ShouldBe([
                EventTypes.SamlRequestReceived,
                EventTypes.SamlDecision,
                EventTypes.SamlResponseIssued,
            ]);
    }

    private static IEnumerable<string> Steps(Event happened) =>
        EventDetails.Read(happened.Details).Steps.Select(step => step.Type);

    [Fact]
    public async Task The_service_provider_is_kept_as_a_participant_of_the_session()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        var index = sp.Accept(page, request).SessionIndex;
        await using var database = server.Open();
        var participant = await database.SessionParticipants.SingleAsync(
            p => p.SessionIndex == index,
            TestContext.Current.CancellationToken
        );
        (participant.SpEntityId, participant.NameId).ShouldBe((sp.EntityId, user.Email));
    }

    [Fact]
    public async Task A_sign_in_begun_in_one_browser_goes_on_in_no_other()
    {
        var (sp, user) = await SetUpAsync();
        var page = await server.NewBrowser().OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        var other = await server.SignedInAsync(user);
        page = await other.OpenAsync(page.Address);
        (page.Status, page.Title).ShouldBe(
            (HttpStatusCode.BadRequest, "This sign-in is no longer open")
        );
    }

    [Fact]
    public async Task A_forged_sign_in_state_is_refused()
    {
        var (_, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        browser.SetCookie(
            "__Host-latchkey-signin",
            Latchkey.Server.SignIn.SessionService.NewSecret()
        );
        var page = await browser.OpenAsync($"/sign-in?s={Guid.CreateVersion7()}");
        page.Title.ShouldBe("This sign-in is no longer open");
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_is_over()
    {
        var (sp, user) = await SetUpAsync();
        var browser = server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Right));
        page.Title.ShouldBe("This sign-in is no longer open");
    }

    [Fact]
    public async Task Two_tabs_of_one_browser_sign_in_to_two_applications()
    {
        var (first, user) = await SetUpAsync();
        var second = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(second, null, user);
        var browser = server.NewBrowser();
        var (one, two) = (first.Request(), second.Request());
        var left = await browser.OpenAsync(first.Redirect(one), "cross-site");
        var right = await browser.OpenAsync(second.Redirect(two), "cross-site");
        left = await browser.SubmitAsync(left, ("username", user.Username), ("password", Right));
        right = await browser.SubmitAsync(right, ("username", user.Username), ("password", Right));
        first.Accept(left, one).NameId!.Value.ShouldBe(user.Email);
        second.Accept(right, two).NameId!.Value.ShouldBe(user.Email);
    }

    private async Task<(TestServiceProvider, Latchkey.Server.Directory.User)> SetUpAsync(
        Action<Latchkey.Server.Applications.Application>? adjust = null
    )
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, adjust, user);
        return (sp, user);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SpInitiatedTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SpInitiatedTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
