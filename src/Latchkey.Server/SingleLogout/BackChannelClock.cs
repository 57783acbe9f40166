namespace Latchkey.Server.SingleLogout;

/// <summary>Does every few seconds, on every node, what is due of logouts; each thing is done by one of them.</summary>
internal sealed partial class BackChannelClock(
    EndedSessions ended,
    BackChannelRounds rounds,
    TimeProvider time,
    ILogger<BackChannelClock> logger
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await ended.NoticeAsync(stoppingToken) > 0)
                {
                    // As long as there are any.
                }
                while (await rounds.DueAsync(stoppingToken) > 0)
                {
                    // As long as there are any.
                }
                await ended.CloseAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round, or another node, will do it.
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Applications could not be told of ended sessions this time"
    )]
    private partial void LogFailed(Exception exception);
}
