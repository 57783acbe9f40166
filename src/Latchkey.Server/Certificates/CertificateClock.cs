using Latchkey.Server.Insights;

namespace Latchkey.Server.Certificates;

/// <summary>What has to be done about certificates from time to time, on every node; each piece of work is done by one.</summary>
internal sealed partial class CertificateClock(
    IServiceScopeFactory scopes,
    SignatureCounts counts,
    TimeProvider time,
    ILogger<CertificateClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);

    /// <summary>Writes down what this node has signed, when it goes.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(counts.FlushAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(counts.FlushAsync, stoppingToken);
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            services.GetRequiredService<EventRecorder>().Actor = new(null, "Latchkey");
            await TryAsync(
                ct => services.GetRequiredService<PlannedSwitches>().TellAsync(ct),
                stoppingToken
            );
            await TryAsync(
                ct => services.GetRequiredService<CertificateNotices>().TellAsync(ct),
                stoppingToken
            );
            await TryAsync(
                ct => services.GetRequiredService<CertificateRotation>().TidyAsync(ct),
                stoppingToken
            );
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The next round, or another node, will do it.
            LogFailed(log, e);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Certificates could not be looked after this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
