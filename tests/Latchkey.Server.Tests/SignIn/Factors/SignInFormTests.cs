using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>The forms of the later steps of a sign-in: nobody sends them from another site or for somebody else's sign-in.</summary>
public abstract class SignInFormTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Theory]
    [InlineData("SetUp")]
    [InlineData("AddPasskey")]
    [InlineData("Later")]
    [InlineData("PasskeyOptions")]
    [InlineData("Passkey")]
    [InlineData("NewPassword")]
    public async Task Without_its_token_a_form_does_nothing(string handler)
    {
        var user = await UserAsync(handler);
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        var answer = await browser.PostAsync(
            $"{page.Address}&handler={handler}",
            await FieldsAsync(user, token: null),
            "same-origin"
        );
        browser.Cookie(Cookie).ShouldBeNull();
        answer.Headers.ContainsKey("Latchkey-Sign-In").ShouldBeFalse();
        (await HasFactorAsync(user)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SetUp")]
    [InlineData("AddPasskey")]
    [InlineData("Later")]
    [InlineData("PasskeyOptions")]
    [InlineData("Passkey")]
    [InlineData("NewPassword")]
    public async Task Somebody_elses_sign_in_is_none_of_a_browsers_business(string handler)
    {
        var user = await UserAsync(handler);
        var page = await PasswordAsync(Server.NewBrowser(), user);
        var thief = Server.NewBrowser();
        var own = await PasswordAsync(thief, await UserAsync(handler));
        var answer = await thief.PostAsync(
            $"{page.Address}&handler={handler}",
            await FieldsAsync(user, own.Field("__token")),
            "same-origin"
        );
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.ContainsKey("Latchkey-Sign-In").ShouldBeFalse();
        thief.Cookie(Cookie).ShouldBeNull();
        (await HasFactorAsync(user)).ShouldBeFalse();
    }

    /// <summary>Somebody whose sign-in waits at the step of that form.</summary>
    private async Task<User> UserAsync(string handler)
    {
        if (handler == "NewPassword")
        {
            var now = Server.Clock.GetUtcNow();
            return await Server.AddUserAsync(u => u.PasswordExpiresAt = now);
        }
        var user = await Server.AddUserAsync();
        await Server.AskAsync<FactorSetup, Problems.Problem?>(setup =>
            setup.SetStandingAsync(user, required: true, excludedUntil: null, Ct)
        );
        return user;
    }

    /// <summary>All that the forms could want, as right as it can be.</summary>
    private async Task<Dictionary<string, string>> FieldsAsync(User user, string? token)
    {
        var secret = await AuthenticatorApp.SecretAsync(Server, user);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = new AuthenticatorApp(Server, secret!).Code(),
            ["credential"] = "{}",
            ["password"] = "seven umbrellas in june",
            ["again"] = "seven umbrellas in june",
        };
        if (token is not null)
            fields["__token"] = token;
        return fields;
    }

    private Task<bool> HasFactorAsync(User user) =>
        Server.AskAsync<FactorStep, bool>(async step => (await step.FactorsAsync(user.Id, Ct)).Any);
}

public sealed class SqliteSignInFormTests(SqliteIdentityProvider server)
    : SignInFormTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlSignInFormTests(PostgreSqlIdentityProvider server)
    : SignInFormTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
