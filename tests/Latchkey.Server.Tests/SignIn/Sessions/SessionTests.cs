using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Sessions;

public abstract class SessionTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SessionService Sessions => server.Service<SessionService>();

    [Fact]
    public async Task The_row_holds_no_secret_only_its_hash()
    {
        var (_, started) = await StartAsync();
        started.Session.TokenHash.ShouldBe(SessionService.HashOf(started.Secret));
        SessionService.HashOf(started.Secret)!.Length.ShouldBe(32);
    }

    [Fact]
    public async Task A_session_is_found_by_its_secret()
    {
        var (user, started) = await StartAsync();
        (await Sessions.FindAsync(started.Secret, Ct))!.User.Id.ShouldBe(user.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task Text_that_is_no_secret_finds_nothing(string secret) =>
        (await Sessions.FindAsync(secret, Ct)).ShouldBeNull();

    [Fact]
    public async Task It_ends_after_twelve_hours_however_busy()
    {
        var (_, started) = await StartAsync();
        for (var i = 0; i < 8; i++)
        {
            (await Sessions.FindAsync(started.Secret, Ct)).ShouldNotBeNull();
            server.Clock.Advance(TimeSpan.FromMinutes(90));
        }
        (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task It_ends_after_two_hours_without_use()
    {
        var (_, started) = await StartAsync();
        server.Clock.Advance(TimeSpan.FromHours(2));
        (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Its_last_use_is_written_at_most_once_a_minute()
    {
        var (_, started) = await StartAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await Sessions.FindAsync(started.Secret, Ct);
        (await LastSeenAsync(started)).ShouldBe(started.Session.LastSeenAt);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await Sessions.FindAsync(started.Secret, Ct);
        (await LastSeenAsync(started)).ShouldBe(server.Clock.GetUtcNow());
    }

    [Fact]
    public async Task An_ended_session_is_refused_at_the_next_request()
    {
        var (user, started) = await StartAsync();
        (await server.EndSessionsAsync(user, started.Session.Id)).ShouldBe(1);
        (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Ending_all_sessions_of_a_user_leaves_those_of_others()
    {
        var (user, first) = await StartAsync();
        var second = await Sessions.StartAsync(user, AuthnMethods.Password, null, null, Ct);
        var (_, other) = await StartAsync();
        (await server.EndSessionsAsync(user)).ShouldBe(2);
        (await Sessions.FindAsync(first.Secret, Ct)).ShouldBeNull();
        (await Sessions.FindAsync(second.Secret, Ct)).ShouldBeNull();
        (await Sessions.FindAsync(other.Secret, Ct)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_suspended_user_is_out_at_the_next_request()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        await server.ChangeAsync(user, u => u.State = UserState.Suspended);
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_changed_stamp_voids_the_sessions_made_under_the_old_one()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        await server.ChangeAsync(user, u => u.SecurityStamp = "2");
        (await browser.OpenAsync("/")).Address.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Proving_it_anew_keeps_the_session_under_a_new_secret_and_moment()
    {
        var (_, started) = await StartAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var renewed = await Sessions.RenewAsync(
            started.Session.Id,
            AuthnMethods.Password,
            isAnew: true,
            Ct
        );
        (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
        var found = await Sessions.FindAsync(renewed.Secret, Ct);
        found!.Session.Id.ShouldBe(started.Session.Id);
        found.Session.AuthnInstant.ShouldBe(server.Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_has_run_out_is_removed_and_what_has_not_stays()
    {
        var (_, old) = await StartAsync();
        server.Clock.Advance(TimeSpan.FromDays(31));
        var (_, fresh) = await StartAsync();
        await new SignInHousekeeping(
            server.Service<IDbContextFactory<Latchkey.Server.Storage.LatchkeyDbContext>>(),
            new SignInLimits(),
            server.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SignInHousekeeping>.Instance
        ).CleanAsync(Ct);
        await using var database = server.Open();
        (await database.Sessions.AnyAsync(s => s.Id == old.Session.Id, Ct)).ShouldBeFalse();
        (await database.Sessions.AnyAsync(s => s.Id == fresh.Session.Id, Ct)).ShouldBeTrue();
    }

    private async Task<(User, NewSession)> StartAsync()
    {
        var user = await server.AddUserAsync();
        return (
            user,
            await Sessions.StartAsync(user, AuthnMethods.Password, "192.0.2.1", "Firefox", Ct)
        );
    }

    private async Task<DateTimeOffset> LastSeenAsync(NewSession started)
    {
        await using var database = server.Open();
        return await database
            .Sessions.Where(s => s.Id == started.Session.Id)
            .Select(s => s.LastSeenAt)
            .SingleAsync(Ct);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SessionTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SessionTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
