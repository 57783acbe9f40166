using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>A user's authenticator app: holds the secret, shows the code of the server's moment.</summary>
internal sealed class AuthenticatorApp(TestIdentityProvider server, byte[] secret)
{
    public ReadOnlySpan<byte> Secret => secret;

    public string Code() => Totp.CodeOf(secret, Totp.StepOf(server.Clock.GetUtcNow()));

    /// <summary>Sets one up for the user, and waits until its first code is over.</summary>
    public static async Task<AuthenticatorApp> EnrolAsync(TestIdentityProvider server, User user)
    {
        var ct = TestContext.Current.CancellationToken;
        var authenticators = server.Service<AuthenticatorService>();
        var app = new AuthenticatorApp(server, (await SecretAsync(server, user))!);
        (await authenticators.ConfirmAsync(user.Id, app.Code(), ct)).ShouldBe(FactorVerdict.Right);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        return app;
    }

    /// <summary>What a page shows that sets one up; null when one works already.</summary>
    public static Task<byte[]?> SecretAsync(TestIdentityProvider server, User user) =>
        server.AskAsync<EventRecorder, byte[]?>(events =>
            server
                .Service<AuthenticatorService>()
                .BeginAsync(
                    user.Id,
                    events.New(
                        EventTypes.TotpStartEnrollment,
                        success: true,
                        new("user", user.Id, user.Username)
                    ),
                    TestContext.Current.CancellationToken
                )
        );
}
