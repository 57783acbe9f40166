using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Recovery codes in place of the app's: each signs in once, however it is typed.</summary>
public abstract class RecoveryCodeTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var (user, _) = await EnrolledAsync();
        var code = (await RenewAsync(user))[0];
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
        var code = (await RenewAsync(user))[3];
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
        var code = (await RenewAsync(user))[0];
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TakeAsync(user, code)));
        taken.Count(t => t).ShouldBe(1);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var (user, _) = await EnrolledAsync();
        var old = (await RenewAsync(user))[0];
        await RenewAsync(user);
        (await TakeAsync(user, old)).ShouldBeFalse();
    }

    private Task<IReadOnlyList<string>> RenewAsync(User user) =>
        Server.AskAsync<FactorSetup, IReadOnlyList<string>>(setup =>
            setup.RenewRecoveryCodesAsync(user, Ct)
        );

    private async Task<bool> TakeAsync(User user, string code)
    {
        await using var database = Server.Open();
        return await Server.Service<RecoveryCodes>().TakeAsync(database, user.Id, code, Ct);
    }
}

public sealed class SqliteRecoveryCodeTests(SqliteIdentityProvider server)
    : RecoveryCodeTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class PostgreSqlRecoveryCodeTests(PostgreSqlIdentityProvider server)
    : RecoveryCodeTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
