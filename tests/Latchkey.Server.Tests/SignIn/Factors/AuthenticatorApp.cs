using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>A user's authenticator app: holds the secret, shows the code of the server's moment.</summary>
internal sealed class AuthenticatorApp(TestIdentityProvider server, byte[] secret)
{
    public ReadOnlySpan<byte> Secret => secret;

    public string Code() => Totp.CodeOf(secret, Totp.StepOf(server.Clock.GetUtcNow()));

    private static readonly Guid s_place = Guid.CreateVersion7();

    /// <summary>Reads the secret that a page shows.</summary>
    public static AuthenticatorApp Of(TestIdentityProvider server, TestPage page)
    {
        var address = page.Document.QuerySelector("#open-authenticator")!.GetAttribute("href")!;
        return new(server, Base32(QueryHelpers.ParseQuery(new Uri(address).Query)["secret"]!));
    }

    /// <summary>Sets one up for the user, and waits until its first code is over.</summary>
    public static async Task<AuthenticatorApp> EnrolAsync(TestIdentityProvider server, User user)
    {
        var app = new AuthenticatorApp(server, (await SecretAsync(server, user))!);
        (await app.ConfirmAsync(user)).ShouldBe(FactorVerdict.Right);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        return app;
    }

    /// <summary>Finishes what <see cref="SecretAsync"/> began.</summary>
    public async Task<FactorVerdict> ConfirmAsync(User user, Guid? place = null)
    {
        await using var database = server.Open();
        return await server
            .Service<AuthenticatorService>()
            .ConfirmAsync(
                database,
                user.Id,
                place ?? s_place,
                Code(),
                TestContext.Current.CancellationToken
            );
    }

    /// <summary>What is shown to set one up, at the place where <see cref="EnrolAsync"/> does so or at another; null when one works already.</summary>
    public static Task<byte[]?> SecretAsync(
        TestIdentityProvider server,
        User user,
        Guid? place = null
    ) =>
        server.AskAsync<EventRecorder, byte[]?>(events =>
            server
                .Service<AuthenticatorService>()
                .BeginAsync(
                    user.Id,
                    place ?? s_place,
                    events.New(
                        EventTypes.TotpStartEnrollment,
                        success: true,
                        new("user", user.Id, user.Username)
                    ),
                    TestContext.Current.CancellationToken
                )
        );

    private static byte[] Base32(string text)
    {
        var bits = string.Concat(
            text.Select(c =>
                Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')
            )
        );
        return [.. bits.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    /// <summary>Whether a secret was shown to anybody.</summary>
    public static async Task<bool> HasBegunAsync(TestIdentityProvider server, User user) =>
        (await server.EventsAboutAsync(user)).Any(e => e.Type == EventTypes.TotpStartEnrollment);
}
