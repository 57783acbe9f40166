using System.Text.Json;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Tests.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>The record of a sign-in says what happened, never what was typed to prove it.</summary>
public abstract class SecretsInEventsTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task No_event_of_any_step_holds_a_password_a_code_or_a_secret()
    {
        const string Guess = "a-guess-at-the-password";
        const string WrongCode = "918273";
        const string NewPassword = "seven umbrellas in june";
        var user = await Server.AddUserAsync();
        var browser = await Server.SignedInAsync(user);
        var page = await browser.OpenAsync("/security/authenticator");
        var secret = page.Document.QuerySelector("input[readonly]")!.GetAttribute("value")!;
        var app = AuthenticatorApp.Of(Server, page);
        var enrolling = app.Code();
        await browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null),
            ("code", enrolling)
        );
        var codes = await Server.AskAsync<FactorSetup, IReadOnlyList<string>>(setup =>
            setup.RenewRecoveryCodesAsync(user, Ct)
        );
        Server.Clock.Advance(TimeSpan.FromSeconds(30));

        browser = Server.NewBrowser();
        page = await browser.OpenAsync("/sign-in");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Guess));
        page = await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
        page = await browser.SubmitAsync(page, ("code", WrongCode));
        page = await browser.SubmitAsync(page, ("code", "xxxx-" + codes[1][5..]));
        var signingIn = app.Code();
        await browser.SubmitAsync(page, ("code", signingIn));
        browser.Cookie(Cookie).ShouldNotBeNull();
        var another = Server.NewBrowser();
        await another.SubmitAsync(await PasswordAsync(another, user), ("code", codes[0]));
        another.Cookie(Cookie).ShouldNotBeNull();
        page = await another.OpenAsync("/security/password");
        var form = page.Document.Forms.Single(f =>
            f.QuerySelector("input[name=current]") is not null
        );
        await another.SubmitAsync(page, form, ("current", Guess), ("password", NewPassword));
        await another.SubmitAsync(
            page,
            form,
            ("current", TestIdentityProvider.Password),
            ("password", NewPassword)
        );

        var told = JsonSerializer.Serialize(
            (await Server.EventsAboutAsync(user)).Concat(await Server.EventsOfAsync(user))
        );
        foreach (
            var type in (string[])
                [
                    "user_login_attempt",
                    "user_login_step",
                    "recovery_code_used",
                    "totp_finish_enrollment",
                    "user_password_change",
                ]
        )
            told.ShouldContain(type);
        foreach (
            var typed in (string[])
                [
                    TestIdentityProvider.Password,
                    Guess,
                    NewPassword,
                    WrongCode,
                    $"\"{enrolling}",
                    $"\"{signingIn}",
                    codes[0],
                    codes[1][5..],
                    secret,
                    secret.Replace(" ", "", StringComparison.Ordinal),
                ]
        )
            told.ShouldNotContain(typed);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SecretsInEventsTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SecretsInEventsTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
