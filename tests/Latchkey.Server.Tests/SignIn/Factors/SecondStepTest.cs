using Latchkey.Server.Directory;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>What the tests of the second step of a sign-in (J-73 to J-79) ask again and again.</summary>
public abstract class SecondStepTest(TestIdentityProvider server)
{
    private protected const string Cookie = "__Host-latchkey";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected TestIdentityProvider Server => server;

    private protected async Task<(User User, AuthenticatorApp App)> EnrolledAsync()
    {
        var user = await server.AddUserAsync();
        return (user, await AuthenticatorApp.EnrolAsync(server, user));
    }

    private protected static async Task<TestPage> PasswordAsync(
        TestBrowser browser,
        User user,
        string path = "/"
    )
    {
        var page = await browser.OpenAsync(path);
        return await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
    }
}
