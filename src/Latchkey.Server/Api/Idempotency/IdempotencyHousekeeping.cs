using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Idempotency;

/// <summary>Removes the answers that nobody can ask for any more.</summary>
internal sealed partial class IdempotencyHousekeeping(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time,
    ILogger<IdempotencyHousekeeping> log
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <returns>How many answers went.</returns>
    public async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var oldest = time.GetUtcNow() - IdempotentAnswer.Kept;
        return await db
            .IdempotentAnswers.Where(a => a.CreatedAt <= oldest)
            .ExecuteDeleteAsync(cancellationToken);
    }

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
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Old answers to repeated calls could not be removed this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
