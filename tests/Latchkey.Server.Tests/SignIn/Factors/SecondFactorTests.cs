using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>The second step of a sign-in (J-73 to J-79).</summary>
public abstract class SecondFactorTests(TestIdentityProvider server)
{
    private const string Cookie = "__Host-latchkey";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_set_up_an_app_has_no_session_after_the_password()
    {
        var (user, _) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        page.Document.QuerySelector("input[name=code]").ShouldNotBeNull();
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task The_right_code_signs_in()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        page.Address.ShouldBe("/?q=wiki");
    }

    [Fact]
    public async Task The_session_knows_that_two_factors_were_proved()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()));
        var session = await server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.Session.Methods.ShouldBe("pwd otp mfa");
    }

    [Fact]
    public async Task Whoever_has_just_set_an_app_up_has_proved_it_and_goes_on_under_a_new_secret()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        var before = browser.Cookie(Cookie);
        var page = await browser.OpenAsync("/security/authenticator");
        var secret = await AuthenticatorApp.SecretAsync(server, user);
        var form = page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null);
        page = await browser.SubmitAsync(
            page,
            form,
            ("code", new AuthenticatorApp(server, secret!).Code())
        );
        page.Address.ShouldBe("/security/recovery-codes");
        page.Title.ShouldBe("Recovery codes");
        browser.Cookie(Cookie).ShouldNotBe(before);
        var session = await server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.Session.Methods.ShouldBe("pwd otp mfa");
    }

    [Fact]
    public async Task A_code_signs_in_once()
    {
        var (user, app) = await EnrolledAsync();
        var code = app.Code();
        var first = server.NewBrowser();
        await first.SubmitAsync(await PasswordAsync(first, user), ("code", code));
        var second = server.NewBrowser();
        var page = await second.SubmitAsync(await PasswordAsync(second, user), ("code", code));
        second.Cookie(Cookie).ShouldBeNull();
        page.Text.ShouldContain("was used already");
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_app_for_a_quarter_of_an_hour()
    {
        var (user, app) = await EnrolledAsync();
        await WrongCodesAsync(user, 5);
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();

        server.Clock.Advance(TimeSpan.FromMinutes(16));
        var later = server.NewBrowser();
        await later.SubmitAsync(await PasswordAsync(later, user), ("code", app.Code()));
        later.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_who_use_a_code_at_once_one_gets_in()
    {
        var (user, app) = await EnrolledAsync();
        var authenticators = server.Service<AuthenticatorService>();
        var code = app.Code();
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => authenticators.VerifyAsync(user.Id, code, Ct))
        );
        verdicts.Count(v => v == FactorVerdict.Right).ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_who_use_a_recovery_code_at_once_one_gets_in()
    {
        var (user, _) = await EnrolledAsync();
        var codes = server.Service<RecoveryCodes>();
        var code = (await codes.RenewAsync(user.Id, Ct))[0];
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => codes.TakeAsync(user.Id, code, Ct))
        );
        taken.Count(t => t).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_codes_guessed_at_once_no_more_are_looked_at_than_may_be()
    {
        var (user, _) = await EnrolledAsync();
        var authenticators = server.Service<AuthenticatorService>();
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => authenticators.VerifyAsync(user.Id, "no code", Ct))
        );
        verdicts.Count(v => v == FactorVerdict.Wrong).ShouldBe(new SignInLimits().CodesBeforeLock);
    }

    [Fact]
    public async Task A_wrong_code_leaves_an_event_under_the_code_of_the_sign_in()
    {
        var (user, _) = await EnrolledAsync();
        await WrongCodesAsync(user, 1);
        var events = await server.EventsOfAsync(user);
        events
            .Single(e => e is { Type: EventTypes.UserLoginStep, Success: false })
            .FindingCode.ShouldBe("factor-wrong");
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var (user, _) = await EnrolledAsync();
        var code = (await server.Service<RecoveryCodes>().RenewAsync(user.Id, Ct))[0];
        var first = server.NewBrowser();
        await first.SubmitAsync(await PasswordAsync(first, user), ("code", code));
        first.Cookie(Cookie).ShouldNotBeNull();
        var second = server.NewBrowser();
        await second.SubmitAsync(await PasswordAsync(second, user), ("code", code));
        second.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task A_recovery_code_may_be_typed_without_hyphens_and_in_capitals()
    {
        var (user, _) = await EnrolledAsync();
        var code = (await server.Service<RecoveryCodes>().RenewAsync(user.Id, Ct))[3];
        var browser = server.NewBrowser();
        await browser.SubmitAsync(
            await PasswordAsync(browser, user),
            ("code", code.Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant())
        );
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var (user, _) = await EnrolledAsync();
        var codes = server.Service<RecoveryCodes>();
        var old = (await codes.RenewAsync(user.Id, Ct))[0];
        await codes.RenewAsync(user.Id, Ct);
        (await codes.TakeAsync(user.Id, old, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_second_step_belongs_to_the_browser_of_the_first()
    {
        var (user, app) = await EnrolledAsync();
        var page = await PasswordAsync(server.NewBrowser(), user);
        var thief = server.NewBrowser();
        var stolen = await thief.OpenAsync(page.Address);
        stolen.Status.ShouldBe(HttpStatusCode.BadRequest);
        await thief.SubmitAsync(page, ("code", app.Code()));
        thief.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task Somebody_else_can_begin_anew_at_the_second_step()
    {
        var (user, _) = await EnrolledAsync();
        var other = await server.AddUserAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user, "/?q=wiki");

        page = await browser.PressAsync(page, "#another");
        page.Field("username").ShouldBe("");
        page = await browser.SubmitAsync(
            page,
            ("username", other.Username),
            ("password", TestIdentityProvider.Password)
        );

        page.Address.ShouldBe("/?q=wiki");
        var session = await server.Service<SessionService>().FindAsync(browser.Cookie(Cookie)!, Ct);
        session!.User.Id.ShouldBe(other.Id);
    }

    [Fact]
    public async Task Whoever_began_anew_proves_the_password_again_before_the_code_counts()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.PressAsync(page, "#another");
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task Beginning_anew_gives_no_tries_back()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
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
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        // From another browser; or from another site, which does not know the form's token.
        var attacker = ownBrowser ? browser : server.NewBrowser();
        await attacker.PostAsync(
            $"{page.Address}&handler=Another",
            new Dictionary<string, string>(StringComparer.Ordinal),
            "same-origin"
        );
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_password_changed_between_the_steps_undoes_the_first()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await server.ChangeAsync(user, u => u.SecurityStamp = "2");
        page = await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
        page.Document.QuerySelector("input[name=password]").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_first_step_does_not_outlive_its_time()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.SubmitAsync(page, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task A_code_without_the_forms_token_is_not_taken()
    {
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        await browser.PostAsync(
            $"{page.Address}&handler=Code",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = app.Code() },
            "same-origin"
        );
        browser.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task The_secret_of_an_app_is_not_in_the_database_in_the_clear()
    {
        var (user, app) = await EnrolledAsync();
        await using var database = server.Open();
        var row = await database.Authenticators.SingleAsync(a => a.UserId == user.Id, Ct);
        row.ProtectedSecret.AsSpan().IndexOf(app.Secret).ShouldBe(-1);
    }

    [Fact]
    public async Task A_secret_that_was_shown_and_not_confirmed_in_time_is_never_used()
    {
        // Somebody may have seen it at an open browser, long before its owner sets the app up.
        var user = await server.AddUserAsync();
        var seen = await AuthenticatorApp.SecretAsync(server, user);
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await AuthenticatorApp.SecretAsync(server, user)).ShouldNotBe(seen);
    }

    [Fact]
    public async Task A_code_of_a_secret_that_has_run_out_sets_nothing_up()
    {
        var user = await server.AddUserAsync();
        var authenticators = server.Service<AuthenticatorService>();
        var seen = await AuthenticatorApp.SecretAsync(server, user);
        server.Clock.Advance(TimeSpan.FromHours(1));
        var code = new AuthenticatorApp(server, seen!).Code();
        (await authenticators.ConfirmAsync(user.Id, code, Ct)).ShouldBe(FactorVerdict.Wrong);
    }

    [Fact]
    public async Task A_page_opened_again_soon_shows_the_secret_that_the_app_has_read()
    {
        var user = await server.AddUserAsync();
        var seen = await AuthenticatorApp.SecretAsync(server, user);
        (await AuthenticatorApp.SecretAsync(server, user)).ShouldBe(seen);
    }

    [Fact]
    [Trait("Rule", "J-119")]
    public async Task Setting_an_app_up_is_begun_once_and_finished_once_in_the_record_J_119()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        await browser.OpenAsync("/security/authenticator");
        var page = await browser.OpenAsync("/security/authenticator");
        var secret = await AuthenticatorApp.SecretAsync(server, user);
        var form = page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null);
        var app = new AuthenticatorApp(server, secret!);
        await browser.SubmitAsync(page, form, ("code", app.Code()));

        var told = (await server.EventsAboutAsync(user)).Where(e =>
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
        var user = await server.AddUserAsync();
        var secrets = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => AuthenticatorApp.SecretAsync(server, user))
        );
        secrets.Select(s => Convert.ToHexString(s!)).Distinct().Count().ShouldBe(1);
        (await server.EventsAboutAsync(user))
            .Count(e => e.Type == EventTypes.TotpStartEnrollment)
            .ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_who_was_deleted_meanwhile_begins_none_and_it_is_tried_once()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<DbUpdateException>(() =>
            server
                .Service<AuthenticatorService>()
                .BeginAsync(
                    Guid.CreateVersion7(),
                    new Event
                    {
                        At = server.Clock.GetUtcNow(),
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
        var user = await server.AddUserAsync();
        await AuthenticatorApp.SecretAsync(server, user);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await AuthenticatorApp.SecretAsync(server, user);
        (await server.EventsAboutAsync(user))
            .Count(e => e.Type == EventTypes.TotpStartEnrollment)
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_second_step_survives_a_change_of_node()
    {
        // Nothing of it is in memory: another scope with the same database goes on.
        var (user, app) = await EnrolledAsync();
        var browser = server.NewBrowser();
        var page = await PasswordAsync(browser, user);
        var other = await browser.OpenAsync(page.Address);
        await browser.SubmitAsync(other, ("code", app.Code()));
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    private async Task<(User User, AuthenticatorApp App)> EnrolledAsync()
    {
        var user = await server.AddUserAsync();
        return (user, await AuthenticatorApp.EnrolAsync(server, user));
    }

    private async Task<TestPage> PasswordAsync(TestBrowser browser, User user, string path = "/")
    {
        var page = await browser.OpenAsync(path);
        return await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
    }

    private async Task WrongCodesAsync(User user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var browser = server.NewBrowser();
            await browser.SubmitAsync(await PasswordAsync(browser, user), ("code", "000000"));
        }
    }
}

public sealed class SqliteSecondFactorTests(SqliteIdentityProvider server)
    : SecondFactorTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlSecondFactorTests(PostgreSqlIdentityProvider server)
    : SecondFactorTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
