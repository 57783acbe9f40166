namespace Latchkey.Server.Directory.Rules;

/// <summary>Brings changed rules to the users that the page did not wait for.</summary>
internal sealed partial class RuleCatchUp(
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<RuleCatchUp> log
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var rules = scope.ServiceProvider.GetRequiredService<RuleMembership>();
                scope.ServiceProvider.GetRequiredService<Insights.EventRecorder>().Actor = new(
                    null,
                    "Latchkey"
                );
                foreach (var group in await rules.BehindAsync(stoppingToken))
                {
                    while (!await rules.CatchUpAsync(group, stoppingToken)) { }
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round, or another node, goes on where this one was.
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Group rules could not be followed this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
