using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Setting an authenticator app up: its secret, how long that is good, and what the record says of it (J-119).</summary>
public abstract class AuthenticatorEnrolmentTests(TestIdentityProvider server)
    : SecondStepTest(server)
{
    [Fact]
    public async Task Whoever_has_just_set_an_app_up_has_proved_it_and_goes_on_under_a_new_secret()
    {
        var user = await Server.AddUserAsync();
        var browser = await Server.SignedInAsync(user);
        var before = browser.Cookie(Cookie);
        var page = await browser.OpenAsync("/security/authenticator");
        var form = page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null);
        page = await browser.SubmitAsync(
            page,
            form,
            ("code", AuthenticatorApp.Of(Server, page).Code())
        );
        page.Address.ShouldBe("/security/recovery-codes");
        page.Title.ShouldBe("Recovery codes");
        browser.Cookie(Cookie).ShouldNotBe(before);
        var session = await Server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.Session.Methods.ShouldBe("pwd otp mfa");
    }

    [Fact]
    public async Task The_secret_of_an_app_is_not_in_the_database_in_the_clear()
    {
        var (user, app) = await EnrolledAsync();
        await using var database = Server.Open();
        var row = await database.Authenticators.SingleAsync(a => a.UserId == user.Id, Ct);
        row.ProtectedSecret.AsSpan().IndexOf(app.Secret).ShouldBe(-1);
    }

    [Fact]
    public async Task A_secret_that_was_shown_and_not_confirmed_in_time_is_never_used()
    {
        // Somebody may have seen it at an open browser, long before its owner sets the app up.
        var user = await Server.AddUserAsync();
        var seen = await AuthenticatorApp.SecretAsync(Server, user);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        (await AuthenticatorApp.SecretAsync(Server, user)).ShouldNotBe(seen);
    }

    [Fact]
    public async Task A_code_of_a_secret_that_has_run_out_sets_nothing_up()
    {
        var user = await Server.AddUserAsync();
        var seen = await AuthenticatorApp.SecretAsync(Server, user);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        (await new AuthenticatorApp(Server, seen!).ConfirmAsync(user)).ShouldBe(
            FactorVerdict.Wrong
        );
    }

    [Fact]
    public async Task A_page_opened_again_soon_shows_the_secret_that_the_app_has_read()
    {
        var user = await Server.AddUserAsync();
        var seen = await AuthenticatorApp.SecretAsync(Server, user);
        (await AuthenticatorApp.SecretAsync(Server, user)).ShouldBe(seen);
    }

    [Fact]
    public async Task Another_browser_is_shown_another_secret_and_the_one_shown_before_is_worth_nothing()
    {
        // Whoever has the password may have a copy of what they were shown; the owner must not confirm that.
        var user = await Server.AddUserAsync();
        var (thief, owner) = (await Server.SignedInAsync(user), await Server.SignedInAsync(user));
        var first = await thief.OpenAsync("/security/authenticator");
        var second = await owner.OpenAsync("/security/authenticator");
        var (copied, own) = (
            AuthenticatorApp.Of(Server, first),
            AuthenticatorApp.Of(Server, second)
        );
        own.Secret.SequenceEqual(copied.Secret).ShouldBeFalse();

        (await ConfirmAsync(thief, first, copied)).Address.ShouldStartWith(
            "/security/authenticator"
        );
        second = await owner.OpenAsync("/security/authenticator");
        own = AuthenticatorApp.Of(Server, second);
        (await ConfirmAsync(owner, second, own)).Address.ShouldBe("/security/recovery-codes");
    }

    [Fact]
    public async Task A_sign_in_under_way_is_shown_another_secret_than_an_open_session()
    {
        var user = await Server.AddUserAsync();
        var (session, state) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var copied = await AuthenticatorApp.SecretAsync(Server, user, session);
        await AuthenticatorApp.SecretAsync(Server, user, state);
        (await new AuthenticatorApp(Server, copied!).ConfirmAsync(user, session)).ShouldBe(
            FactorVerdict.Wrong
        );
    }

    private static Task<TestPage> ConfirmAsync(
        TestBrowser browser,
        TestPage page,
        AuthenticatorApp app
    ) =>
        browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null),
            ("code", app.Code())
        );

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task Setting_an_app_up_is_begun_once_and_finished_once_in_the_record_J_119()
    {
        var user = await Server.AddUserAsync();
        var browser = await Server.SignedInAsync(user);
        await browser.OpenAsync("/security/authenticator");
        var page = await browser.OpenAsync("/security/authenticator");
        var form = page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null);
        var app = AuthenticatorApp.Of(Server, page);
        await browser.SubmitAsync(page, form, ("code", app.Code()));

        var told = (await Server.EventsAboutAsync(user)).Where(e =>
            e.Type.StartsWith("totp_", StringComparison.Ordinal)
        );
        told.Select(e => (e.Type, e.ActorId))
            .ShouldBe([
                (EventTypes.TotpStartEnrollment, user.Id),
                (EventTypes.TotpFinishEnrollment, user.Id),
            ]);
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task A_page_opened_many_times_at_once_begins_one_app()
    {
        var user = await Server.AddUserAsync();
        var secrets = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => AuthenticatorApp.SecretAsync(Server, user))
        );
        secrets.Select(s => Convert.ToHexString(s!)).Distinct().Count().ShouldBe(1);
        (await Server.EventsAboutAsync(user))
            .Count(e => e.Type == EventTypes.TotpStartEnrollment)
            .ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_who_was_deleted_meanwhile_begins_none_and_it_is_tried_once()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<DbUpdateException>(() =>
            Server
                .Service<AuthenticatorService>()
                .BeginAsync(
                    Guid.CreateVersion7(),
                    Guid.CreateVersion7(),
                    new Event
                    {
                        At = Server.Clock.GetUtcNow(),
                        Type = EventTypes.TotpStartEnrollment,
                        Success = true,
                    },
                    patience.Token
                )
        );
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task A_secret_that_ran_out_is_begun_anew_in_the_record_J_119()
    {
        var user = await Server.AddUserAsync();
        await AuthenticatorApp.SecretAsync(Server, user);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        await AuthenticatorApp.SecretAsync(Server, user);
        (await Server.EventsAboutAsync(user))
            .Count(e => e.Type == EventTypes.TotpStartEnrollment)
            .ShouldBe(2);
    }
}

public sealed class SqliteAuthenticatorEnrolmentTests(SqliteIdentityProvider server)
    : AuthenticatorEnrolmentTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlAuthenticatorEnrolmentTests(PostgreSqlIdentityProvider server)
    : AuthenticatorEnrolmentTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
