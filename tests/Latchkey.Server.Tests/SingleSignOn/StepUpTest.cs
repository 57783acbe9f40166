using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>What the tests of a service provider's or an organisation's demands share: an application, its user, and the way through.</summary>
public abstract class StepUpTest(TestIdentityProvider server) : SecondStepTest(server)
{
    private protected const string Right = TestIdentityProvider.Password;

    private protected static RequestedAuthnContext Mfa =>
        new([AuthnContexts.RefedsMfa], AuthnContextComparison.Exact);

    private protected async Task<(TestServiceProvider Sp, User User)> SetUpAsync(
        bool demanded = false
    )
    {
        var user = await Server.AddUserAsync();
        var sp = new TestServiceProvider(Server.Clock);
        await Server.AddApplicationAsync(sp, null, user);
        if (demanded)
            await DemandAsync(sp);
        return (sp, user);
    }

    private protected async Task LetInAsync(TestServiceProvider sp, User user)
    {
        await using var database = Server.Open();
        await Server.LetInAsync(database.Applications.Single(a => a.Slug == sp.Slug), user);
    }

    private protected async Task DemandAsync(TestServiceProvider sp)
    {
        await using var database = Server.Open();
        var id = database.Applications.Single(a => a.Slug == sp.Slug).Id;
        await Server.AskAsync<FactorRulesService, bool>(async rules =>
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

    /// <summary>Types the first code of the app that the page shows.</summary>
    private protected Task<TestPage> ConfirmAppAsync(TestBrowser browser, TestPage page)
    {
        var form = page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null);
        return browser.SubmitAsync(page, form, ("code", AuthenticatorApp.Of(Server, page).Code()));
    }

    private protected async Task<Session> SessionAsync(TestBrowser browser) =>
        (await Server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct))!.Session;

    /// <summary>A browser in which that user signed in by a passkey.</summary>
    private protected async Task<TestBrowser> SignedInByPasskeyAsync(User user)
    {
        var methods = AuthnMethods.Write(AuthnMethods.Passkey(onSeveralDevices: true));
        var started = await Server
            .Service<SessionService>()
            .StartAsync(user, methods, null, null, Ct);
        var browser = Server.NewBrowser();
        browser.SetCookie(Cookie, started.Secret);
        return browser;
    }

    private protected Task<IReadOnlyList<string>> RecoveryCodesAsync(User user) =>
        Server.AskAsync<FactorSetup, IReadOnlyList<string>>(setup =>
            setup.RenewRecoveryCodesAsync(user, Ct)
        );
}
