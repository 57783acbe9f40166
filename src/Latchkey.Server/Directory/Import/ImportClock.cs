namespace Latchkey.Server.Directory.Import;

/// <summary>Looks for imports to move on.</summary>
internal sealed partial class ImportClock(
    ImportRunner runner,
    TimeProvider time,
    ILogger<ImportClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tidy = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        var tidied = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await runner.RunAsync(stoppingToken);
                if (time.GetElapsedTime(tidied) >= s_tidy)
                {
                    tidied = time.GetTimestamp();
                    await runner.ForgetAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Its lease ends, and it is taken up again.
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An import of users stopped; it will go on")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
