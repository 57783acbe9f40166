using Latchkey.Server.Insights;

namespace Latchkey.Server.Certificates;

/// <summary>What has to be done about certificates from time to time, on every node; each piece of work is done by one.</summary>
internal sealed partial class CertificateClock(
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<CertificateClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var services = scope.ServiceProvider;
                services.GetRequiredService<EventRecorder>().Actor = new(null, "Latchkey");
                await services.GetRequiredService<CertificateRotation>().TidyAsync(stoppingToken);
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
        Message = "Certificates could not be looked after this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
