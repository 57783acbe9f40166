using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>What a service provider is told of somebody who came by passkey, and what of its wishes a passkey meets (S1-31, J-25, J-36).</summary>
public abstract class PasskeyStatedTests(TestIdentityProvider server) : StepUpTest(server)
{
    [Fact]
    [Trait("Rule", "S1-31")]
    [Trait("Rule", "J-25")]
    public async Task A_wish_for_two_factors_is_met_by_a_passkey_alone()
    {
        var (sp, _, passkey) = await OwnerAsync();
        var request = sp.Request(r => r with { RequestedAuthnContext = Mfa });
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        var assertion = sp.Accept(await passkey.UseAsync(browser, page), request);
        assertion.AuthnContextClassRef.ShouldBe(AuthnContexts.RefedsMfa);
    }

    [Fact]
    [Trait("Rule", "J-36")]
    public async Task The_methods_say_key_user_and_two_factors_and_no_password()
    {
        var (sp, _, passkey) = await OwnerAsync();
        var request = sp.Request();
        var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        var assertion = sp.Accept(await passkey.UseAsync(browser, page), request);
        assertion.Attributes.Single(a => a.Name == "amr").Values.ShouldBe(["hwk", "user", "mfa"]);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_is_answered_by_passkey_and_AuthnInstant_is_that_moment()
    {
        var (sp, _, passkey) = await OwnerAsync();
        var browser = Server.NewBrowser();
        await passkey.UseAsync(browser, await browser.OpenAsync("/sign-in"));
        Server.Clock.Advance(TimeSpan.FromMinutes(20));
        var request = sp.Request(r => r with { ForceAuthn = true });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
        var assertion = sp.Accept(await passkey.UseAsync(browser, page), request);
        assertion.AuthnInstant.ShouldBe(Server.Clock.GetUtcNow());
    }

    [Fact]
    [Trait("Rule", "J-46")]
    public async Task A_tile_of_an_application_that_demands_a_second_step_asks_for_it_first()
    {
        var (sp, user) = await SetUpAsync(demanded: true);
        var app = await AuthenticatorApp.EnrolAsync(Server, user);
        var browser = Server.NewBrowser();
        await StandInAsync(browser, user);
        var portal = await browser.OpenAsync("/");
        var tile = portal.Document.Forms.Single(f =>
            f.GetAttribute("action") == $"/saml2/{sp.Slug}"
        );
        var page = await browser.SubmitAsync(portal, tile);
        page.Title.ShouldBe("One more step");
        sp.Accept(await browser.SubmitAsync(page, ("code", app.Code())), null);
    }

    /// <summary>A session that knows the password alone, as in a browser that is let off the second step.</summary>
    private async Task StandInAsync(TestBrowser browser, User user)
    {
        var started = await Server
            .Service<Latchkey.Server.SignIn.SessionService>()
            .StartAsync(user, "pwd", null, null, Ct);
        browser.SetCookie(Cookie, started.Secret);
    }

    private async Task<(TestServiceProvider Sp, User User, TestPasskey Passkey)> OwnerAsync()
    {
        var user = await Server.AddUserAsync();
        var sp = new TestServiceProvider(Server.Clock);
        await Server.AddApplicationAsync(
            sp,
            a => a.Attributes = [new("amr", AttributeKind.AuthnMethods)],
            user
        );
        var passkey = new TestPasskey();
        await passkey.AddAsync(await Server.SignedInAsync(user), "Laptop");
        return (sp, user, passkey);
    }
}

public sealed class SqlitePasskeyStatedTests(SqliteIdentityProvider server)
    : PasskeyStatedTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlPasskeyStatedTests(PostgreSqlIdentityProvider server)
    : PasskeyStatedTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
