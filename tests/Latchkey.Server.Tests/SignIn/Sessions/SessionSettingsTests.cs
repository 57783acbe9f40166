using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.Tests.SignIn.Sessions;

/// <summary>How long sessions last is the organisation's to say (J-48, S1-28, S1-29).</summary>
public abstract class SessionSettingsTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SessionService Sessions => server.Service<SessionService>();

    private async Task<NewSession> StartAsync() =>
        await Sessions.StartAsync(
            await server.AddUserAsync(),
            AuthnMethods.Password,
            null,
            null,
            Ct
        );

    private Task<Outcome<SessionSettings>> SaveAsync(
        Func<SessionSettings, SessionSettings> change
    ) =>
        server.AskAsync<SessionSettingsService, Outcome<SessionSettings>>(s =>
            s.SaveAsync(change(SessionSettings.Default), Ct)
        );

    private async Task WithAsync(Func<SessionSettings, SessionSettings> change, Func<Task> check)
    {
        (await SaveAsync(change)).Problems.ShouldBeEmpty();
        try
        {
            await check();
        }
        finally
        {
            await SaveAsync(s => s);
        }
    }

    [Fact]
    [Trait("Rule", "J-48")]
    public Task A_session_ends_after_the_minutes_without_use_that_are_set() =>
        WithAsync(
            s => s with { IdleMinutes = 10 },
            async () =>
            {
                var started = await StartAsync();
                server.Clock.Advance(TimeSpan.FromMinutes(9));
                (await Sessions.FindAsync(started.Secret, Ct)).ShouldNotBeNull();
                server.Clock.Advance(TimeSpan.FromMinutes(10));
                (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
            }
        );

    [Fact]
    [Trait("Rule", "S1-29")]
    public Task A_session_ends_after_the_hours_that_are_set_however_busy() =>
        WithAsync(
            s => s with { LifetimeHours = 1 },
            async () =>
            {
                var started = await StartAsync();
                server.Clock.Advance(TimeSpan.FromMinutes(59));
                (await Sessions.FindAsync(started.Secret, Ct)).ShouldNotBeNull();
                server.Clock.Advance(TimeSpan.FromMinutes(1));
                (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull();
            }
        );

    [Fact]
    public async Task Two_who_save_at_once_are_both_heard()
    {
        (await SaveAsync(s => s with { IdleMinutes = 7 })).Problems.ShouldBeEmpty();
        for (var round = 0; round < 10; round++)
        {
            var minutes = 10 + round;

            var saved = await Task.WhenAll(
                SaveAsync(s => s with { IdleMinutes = minutes }),
                SaveAsync(s => s with { IdleMinutes = minutes + 60 })
            );

            saved.ShouldAllBe(s => s.Ok);
        }
        await SaveAsync(s => s);
    }

    [Fact]
    public async Task Open_sessions_follow_a_shorter_setting()
    {
        var (idle, busy) = (await StartAsync(), await StartAsync());
        await WithAsync(
            s => s with { IdleMinutes = 30, LifetimeHours = 1 },
            async () =>
            {
                server.Clock.Advance(TimeSpan.FromMinutes(29));
                (await Sessions.FindAsync(busy.Secret, Ct)).ShouldNotBeNull();
                server.Clock.Advance(TimeSpan.FromMinutes(2));
                (await Sessions.FindAsync(idle.Secret, Ct)).ShouldBeNull();
                (await Sessions.FindAsync(busy.Secret, Ct)).ShouldNotBeNull();
                server.Clock.Advance(TimeSpan.FromMinutes(29));
                (await Sessions.FindAsync(busy.Secret, Ct)).ShouldBeNull();
            }
        );
    }

    [Fact]
    public async Task A_session_that_had_run_out_stays_so_when_a_longer_time_is_set()
    {
        var started = await StartAsync();
        server.Clock.Advance(TimeSpan.FromHours(3));
        await WithAsync(
            s => s with { IdleMinutes = 600 },
            async () => (await Sessions.FindAsync(started.Secret, Ct)).ShouldBeNull()
        );
    }

    [Fact]
    [Trait("Rule", "J-48")]
    public Task The_cookie_is_kept_where_that_is_set() =>
        WithAsync(
            s => s with { KeepsCookie = true, LifetimeHours = 24 },
            async () =>
            {
                var browser = await server.SignedInAsync(await server.AddUserAsync());
                browser
                    .SetCookieHeaders.Last(c =>
                        c.StartsWith("__Host-latchkey=", StringComparison.Ordinal)
                    )
                    .ShouldContain("max-age=86400", Case.Insensitive);
            }
        );

    [Fact]
    public async Task The_page_saves_them_and_refuses_what_makes_no_sense()
    {
        var admin = await server.BrowserAsync();
        await admin.OpenAsync("/admin/settings/sessions");
        admin.Type("#Input_IdleMinutes", "1");
        await admin.ClickAsync("main .btn-primary");
        admin.Errors.ShouldHaveSingleItem().ShouldContain("5 to 43200");
        admin.Type("#Input_IdleMinutes", "240");
        await admin.ClickAsync("main .btn-primary");
        admin.Value("#Input_IdleMinutes").ShouldBe("240");
        await SaveAsync(s => s);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SessionSettingsTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SessionSettingsTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
