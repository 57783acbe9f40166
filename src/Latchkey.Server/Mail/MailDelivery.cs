namespace Latchkey.Server.Mail;

/// <summary>Lets the sender work whenever there is something to send, on every node.</summary>
internal sealed partial class MailDelivery(
    MailSender sender,
    MailBell bell,
    TimeProvider time,
    ILogger<MailDelivery> log
) : BackgroundService
{
    /// <summary>How long a mail waits at most that another node put in, or that is due again.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await bell.WaitAsync(s_look, time, stoppingToken);
            try
            {
                while (await sender.SendDueAsync(stoppingToken) == MailSender.Batch) { }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database is away; the mails are in it and wait.
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queued mails could not be looked at")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
