using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Recovery codes in place of the app's: each signs in once, however it is typed.</summary>
public abstract class RecoveryCodeTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var (user, _) = await EnrolledAsync();
        var code = (await Server.Service<RecoveryCodes>().RenewAsync(user.Id, Ct))[0];
        var first = Server.NewBrowser();
        await first.SubmitAsync(await PasswordAsync(first, user), ("code", code));
        first.Cookie(Cookie).ShouldNotBeNull();
        var second = Server.NewBrowser();
        await second.SubmitAsync(await PasswordAsync(second, user), ("code", code));
        second.Cookie(Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task A_recovery_code_may_be_typed_without_hyphens_and_in_capitals()
    {
        var (user, _) = await EnrolledAsync();
        var code = (await Server.Service<RecoveryCodes>().RenewAsync(user.Id, Ct))[3];
        var browser = Server.NewBrowser();
        await browser.SubmitAsync(
            await PasswordAsync(browser, user),
            ("code", code.Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant())
        );
        browser.Cookie(Cookie).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_who_use_a_recovery_code_at_once_one_gets_in()
    {
        var (user, _) = await EnrolledAsync();
        var codes = Server.Service<RecoveryCodes>();
        var code = (await codes.RenewAsync(user.Id, Ct))[0];
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => codes.TakeAsync(user.Id, code, Ct))
        );
        taken.Count(t => t).ShouldBe(1);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var (user, _) = await EnrolledAsync();
        var codes = Server.Service<RecoveryCodes>();
        var old = (await codes.RenewAsync(user.Id, Ct))[0];
        await codes.RenewAsync(user.Id, Ct);
        (await codes.TakeAsync(user.Id, old, Ct)).ShouldBeFalse();
    }
}

public sealed class SqliteRecoveryCodeTests(SqliteIdentityProvider server)
    : RecoveryCodeTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlRecoveryCodeTests(PostgreSqlIdentityProvider server)
    : RecoveryCodeTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
