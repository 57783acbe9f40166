using Latchkey.Server.Insights;

namespace Latchkey.Server.Applications.Following;

/// <summary>Looks at followed addresses when they are due, on every node.</summary>
internal sealed partial class FollowingClock(
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<FollowingClock> log
) : BackgroundService
{
    private const int Batch = 50;

    /// <summary>A slow server of somebody's does not keep the others waiting.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunDueAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round, or another node, will do it.
                LogFailed(log, e);
            }
        }
    }

    private async Task RunDueAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var due = await scope
            .ServiceProvider.GetRequiredService<MetadataRefresh>()
            .DueAsync(Batch, stoppingToken);
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = stoppingToken,
            },
            async (id, ct) =>
            {
                await using var own = scopes.CreateAsyncScope();
                own.ServiceProvider.GetRequiredService<EventRecorder>().Actor = new EventActor(
                    null,
                    "Latchkey"
                );
                await own
                    .ServiceProvider.GetRequiredService<MetadataRefresh>()
                    .RunAsync(id, atOnce: false, ct);
            }
        );
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A followed metadata address could not be looked at this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
