using Latchkey.Saml.Protocol;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>Where a password is wanted, and where a passkey serves as well (J-77, S1-31). Many service providers ask for exactly PasswordProtectedTransport, without anybody having chosen it.</summary>
public abstract class PasswordWantedTests(TestIdentityProvider server) : StepUpTest(server)
{
    [Fact]
    [Trait("Rule", "S1-31")]
    public async Task A_session_by_passkey_is_asked_for_the_password_that_is_wanted_and_keeps_the_passkey()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await SignedInByPasskeyAsync(user);
        Server.Clock.Advance(TimeSpan.FromMinutes(10));
        var request = sp.Request(r => r with { RequestedAuthnContext = ByPassword });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Field("username").ShouldBe(user.Username);
        OffersPasskeys(page).ShouldBeFalse();

        page = await browser.SubmitAsync(page, ("password", Right));

        var assertion = sp.Accept(page, request);
        assertion.AuthnContextClassRef.ShouldBe(AuthnContextClasses.PasswordProtectedTransport);
        (await SessionAsync(browser)).Methods.ShouldBe("swk user mfa pwd");
    }

    [Fact]
    public async Task Where_no_page_may_be_shown_the_service_provider_is_told_NoPassive()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await SignedInByPasskeyAsync(user);
        var request = sp.Request(r =>
            r with
            {
                RequestedAuthnContext = ByPassword,
                IsPassive = true,
            }
        );
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        TestServiceProvider.Statuses(page).ShouldContain(StatusCodes.NoPassive);
    }

    [Fact]
    public async Task Somebody_else_who_gives_the_password_brings_no_passkey()
    {
        var (sp, user) = await SetUpAsync();
        var other = await Server.AddUserAsync();
        await LetInAsync(sp, other);
        var browser = await SignedInByPasskeyAsync(user);
        var request = sp.Request(r => r with { RequestedAuthnContext = ByPassword });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page = await browser.SubmitAsync(page, ("username", other.Username), ("password", Right));
        sp.Accept(page, request).NameId!.Value.ShouldBe(other.Email);
        (await SessionAsync(browser)).Methods.ShouldBe("pwd");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_passkey_is_offered_unless_only_a_password_serves(bool wanted, bool offered)
    {
        var (sp, _) = await SetUpAsync();
        var request = sp.Request(r =>
            r with
            {
                RequestedAuthnContext = wanted ? ByPassword : null,
            }
        );
        var page = await Server.NewBrowser().OpenAsync(sp.Redirect(request), "cross-site");
        OffersPasskeys(page).ShouldBe(offered);
    }

    [Fact]
    public async Task A_wish_that_a_passkey_meets_as_well_leaves_it_on_offer()
    {
        var (sp, _) = await SetUpAsync();
        var request = sp.Request(r =>
            r with
            {
                RequestedAuthnContext = new(
                    [
                        AuthnContextClasses.PasswordProtectedTransport,
                        AuthnContextClasses.Unspecified,
                    ],
                    AuthnContextComparison.Exact
                ),
            }
        );
        var page = await Server.NewBrowser().OpenAsync(sp.Redirect(request), "cross-site");
        OffersPasskeys(page).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "J-77")]
    public async Task Who_has_to_confirm_who_they_are_can_do_it_by_passkey()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await SignedInByPasskeyAsync(user);
        Server.Clock.Advance(TimeSpan.FromMinutes(20));
        var forced = sp.Request(r => r with { ForceAuthn = true });
        OffersPasskeys(await browser.OpenAsync(sp.Redirect(forced), "cross-site")).ShouldBeTrue();
        OffersPasskeys(await browser.OpenAsync("/security/passkeys")).ShouldBeTrue();
    }

    private static RequestedAuthnContext ByPassword =>
        new([AuthnContextClasses.PasswordProtectedTransport], AuthnContextComparison.Exact);

    private static bool OffersPasskeys(TestPage page) =>
        page.Document.QuerySelector("#use-passkey") is not null;
}

public sealed class SqlitePasswordWantedTests(SqliteIdentityProvider server)
    : PasswordWantedTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlPasswordWantedTests(PostgreSqlIdentityProvider server)
    : PasswordWantedTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
