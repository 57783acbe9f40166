using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights;

/// <summary>Removes events that are older than the organisation keeps them: see <see cref="EventRetention"/>.</summary>
internal sealed partial class EventHousekeeping(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time,
    ILogger<EventHousekeeping> log
) : BackgroundService
{
    /// <summary>Small, so that no sign-in waits for it: SQLite has one writer.</summary>
    private const int Batch = 500;

    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <returns>How many events went.</returns>
    public async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var days = await EventRetention.ReadAsync(database, cancellationToken);
        var oldest = time.GetUtcNow().AddDays(-days);
        var removed = 0;
        int batch;
        do
        {
            batch = await database
                .Events.Where(e => e.At < oldest)
                .OrderBy(e => e.At)
                .Take(Batch)
                .ExecuteDeleteAsync(cancellationToken);
            removed += batch;
        } while (batch == Batch);
        if (removed > 0)
        {
            LogRemoved(log, removed, days);
        }
        return removed;
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

    /// <summary>Not an event: in a busy place there would be one every hour, for ever.</summary>
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Removed} events older than {Days} days were removed"
    )]
    private static partial void LogRemoved(ILogger log, int removed, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old events could not be removed this time")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
