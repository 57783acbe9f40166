using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.Insights;

/// <summary>One try to sign in is counted once, however many events it leaves.</summary>
public abstract class SignInCountTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_with_a_password_and_no_session_before_counts_once()
    {
        var user = await server.AddUserAsync();
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, user);
        (await CountedAsync(sp, user.Username)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_right_password_of_somebody_without_access_counts_as_failed_alone()
    {
        var stranger = await server.AddUserAsync();
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp, null, await server.AddUserAsync());
        (await CountedAsync(sp, stranger.Username)).ShouldBe((0, 1));
    }

    private async Task<(int Succeeded, int Failed)> CountedAsync(
        TestServiceProvider sp,
        string username
    )
    {
        var browser = server.NewBrowser();
        var before = await TodayAsync();
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        await browser.SubmitAsync(
            page,
            ("username", username),
            ("password", TestIdentityProvider.Password)
        );
        var after = await TodayAsync();
        return (after.Succeeded - before.Succeeded, after.Failed - before.Failed);
    }

    private async Task<SignInDay> TodayAsync() =>
        (
            await server
                .Service<EventQueries>()
                .SignInsByDayAsync(
                    DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime),
                    1,
                    Ct
                )
        ).Single();

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SignInCountTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SignInCountTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
