using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>Removes what has run out: sign-ins that nobody finished, answered requests too old to come again, links by mail, wrong passwords long ago, sessions long over.</summary>
internal sealed partial class SignInHousekeeping(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInLimits limits,
    TimeProvider time,
    ILogger<SignInHousekeeping> logger
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(15);

    /// <summary>Ended sessions stay visible in lists for a while.</summary>
    private static readonly TimeSpan s_sessionsKept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round, or another node, will do it.
                LogFailed(e);
            }
        }
    }

    public async Task CleanAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var browsersForgotten = now - limits.BrowserLifetime;
        var longOver = now - s_sessionsKept;
        var triesForgotten = now.AddMinutes(-PasswordRules.LongestMinutes);
        await using var database = await databases.CreateDbContextAsync(ct);
        await database.SignInStates.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await database.AnsweredRequests.Where(a => a.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await database.AccountLinks.Where(l => l.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await database
            .PasswordTries.Where(t =>
                t.LastAt < triesForgotten && (t.LockedUntil == null || t.LockedUntil < now)
            )
            .ExecuteDeleteAsync(ct);
        await database
            .KnownBrowsers.Where(b => b.LastSeenAt < browsersForgotten)
            .ExecuteDeleteAsync(ct);
        await database.Sessions.Where(s => s.ExpiresAt < longOver).ExecuteDeleteAsync(ct);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What has run out could not be removed this time"
    )]
    private partial void LogFailed(Exception exception);
}
