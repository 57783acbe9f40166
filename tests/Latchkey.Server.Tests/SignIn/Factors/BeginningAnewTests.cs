using Latchkey.Server.SignIn;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>A sign-in that is begun anew at its second step: whoever sits there can do it and gains no try by it, and nobody else can.</summary>
public abstract class BeginningAnewTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task Somebody_else_can_begin_anew_at_the_second_step()
    {
        var (user, _) = await EnrolledAsync();
        var other = await Server.AddUserAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");

        page = await browser.PressAsync(page, "#another");
        page.Field("username").ShouldBe("");
        page = await browser.SubmitAsync(
            page,
            ("username", other.Username),
            ("password", TestIdentityProvider.Password)
        );

        page.Address.ShouldBe("/?q=wiki");
        var session = await Server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.User.Id.ShouldBe(other.Id);
    }

    [Fact]
    public async Task Whoever_began_anew_proves_the_password_again_before_the_code_counts()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.PressAsync(page, "#another");
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task Beginning_anew_gives_no_tries_back()
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        for (var i = 0; i < new SignInLimits().CodesBeforeLock; i++)
        {
            page = await browser.SubmitAsync(page, ("code", "000000"));
            page = await browser.PressAsync(page, "#another");
            page = await browser.SubmitAsync(
                page,
                ("username", user.Username),
                ("password", TestIdentityProvider.Password)
            );
        }
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_else_can_begin_a_sign_in_anew(bool ownBrowser)
    {
        var (user, app) = await EnrolledAsync();
        var browser = Server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        // From another browser; or from another site, which does not know the form's token.
        var attacker = ownBrowser ? browser : Server.NewBrowser();
        await attacker.PostAsync(
            $"{page.Address}&handler=Another",
            new Dictionary<string, string>(StringComparer.Ordinal),
            "same-origin"
        );
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldNotBeNull();
    }
}

public sealed class SqliteBeginningAnewTests(SqliteIdentityProvider server)
    : BeginningAnewTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlBeginningAnewTests(PostgreSqlIdentityProvider server)
    : BeginningAnewTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
