using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail;

/// <summary>
/// Sends what is queued: a mail is taken by moving its next try on, which only one node can do. If that node dies,
/// the mail is tried again when its time comes; a mail may then arrive twice, but never not at all.
/// </summary>
internal sealed partial class MailSender(
    IDbContextFactory<LatchkeyDbContext> databases,
    IServiceScopeFactory scopes,
    MailQueue queue,
    MailSettingsService settings,
    MailTransport transport,
    ITexts texts,
    TimeProvider time,
    ILogger<MailSender> log
)
{
    public const int Batch = 50;

    /// <summary>How long a node may take for one mail before another thinks it dead.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(2);

    /// <summary>After pauses of this length together a mail waits for somebody to look. Time in which nobody tried does not count.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>Tries what is due.</summary>
    /// <returns>How many mails were tried.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await db
            .QueuedMails.AsNoTracking()
            .Where(m => m.State == MailState.Waiting && m.NextAttemptAt <= now)
            .OrderBy(m => m.NextAttemptAt)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }
        var way = await settings.ReadAsync(cancellationToken);
        var tried = 0;
        IMailConnection? connection = null;
        try
        {
            foreach (var mail in due)
            {
                if (!await TakeAsync(db, mail, cancellationToken))
                {
                    continue;
                }
                tried++;
                try
                {
                    connection ??= await transport.OpenAsync(way, cancellationToken);
                    await connection.SendAsync(Write(mail, way), cancellationToken);
                    await SentAsync(mail, cancellationToken);
                }
                catch (MailNotSentException e)
                {
                    await NotSentAsync(mail, e, cancellationToken);
                    if (!e.IsFinal)
                    {
                        // Whatever state the conversation is in, the next mail begins a new one.
                        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                        connection = null;
                    }
                }
            }
        }
        finally
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        return tried;
    }

    /// <summary>Whether this node has the mail now. Whoever compares with the time another has moved on comes too late.</summary>
    private async Task<bool> TakeAsync(
        LatchkeyDbContext db,
        QueuedMail mail,
        CancellationToken cancellationToken
    )
    {
        var until = time.GetUtcNow() + s_lease;
        var taken = await db
            .QueuedMails.Where(m =>
                m.Id == mail.Id
                && m.State == MailState.Waiting
                && m.NextAttemptAt == mail.NextAttemptAt
            )
            .ExecuteUpdateAsync(
                m =>
                    m.SetProperty(x => x.NextAttemptAt, until)
                        .SetProperty(x => x.Attempts, x => x.Attempts + 1),
                cancellationToken
            );
        (mail.NextAttemptAt, mail.Attempts) = (until, mail.Attempts + 1);
        return taken == 1;
    }

    private OutgoingMail Write(QueuedMail mail, MailSettings way)
    {
        if (mail.WorthUntil <= time.GetUtcNow())
        {
            throw new MailNotSentException(new MailError("link-over"), isFinal: true);
        }
        var to =
            MailRecipients.Deliverable(mail.Recipient)
            ?? throw new MailNotSentException(
                new MailError("recipient", mail.Recipient),
                isFinal: true
            );
        var content =
            queue.Open(mail)
            ?? throw new MailNotSentException(new MailError("undecryptable"), isFinal: true);
        return new OutgoingMail(
            way.From,
            to,
            content.Subject,
            content.Text(),
            content.Html(),
            mail.Id,
            time.GetUtcNow()
        );
    }

    private async Task SentAsync(QueuedMail mail, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.QueuedMails.Remove(mail);
        db.Events.Add(MailEvents.Of(Recorder(scope), EventTypes.MailSent, mail));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody deleted it, or its user, while it left.
        }
    }

    private async Task NotSentAsync(
        QueuedMail mail,
        MailNotSentException e,
        CancellationToken cancellationToken
    )
    {
        var givenUp = e.IsFinal || PausesBefore(mail.Attempts) >= Patience;
        await using var scope = scopes.CreateAsyncScope();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.QueuedMails.SingleOrDefaultAsync(
            m => m.Id == mail.Id,
            cancellationToken
        );
        if (stored is null)
        {
            return;
        }
        var said = e.Error.Say(texts.In(LanguageTags.English));
        stored.LastError = e.Error.Stored;
        stored.State = givenUp ? MailState.Failed : MailState.Waiting;
        stored.NextAttemptAt = time.GetUtcNow() + PauseAfter(mail.Attempts);
        // The first time and the last are told; what lies between is on the page.
        if (givenUp || stored.Attempts == 1)
        {
            db.Events.Add(
                MailEvents.Of(Recorder(scope), EventTypes.MailFailed, stored, said, givenUp)
            );
        }
        await db.SaveChangesAsync(cancellationToken);
        LogNotSent(log, mail.Template, said);
    }

    /// <summary>30 seconds, 1 minute, 2, 4 ... and then every two hours.</summary>
    private static TimeSpan PauseAfter(int attempts)
    {
        var pause = TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Min(attempts - 1, 20)));
        return pause < s_longestPause ? pause : s_longestPause;
    }

    /// <summary>How long this mail has been tried, since it was made or since somebody said "try again".</summary>
    private static TimeSpan PausesBefore(int attempts) =>
        Enumerable
            .Range(1, attempts - 1)
            .Aggregate(TimeSpan.Zero, (sum, attempt) => sum + PauseAfter(attempt));

    private static EventRecorder Recorder(AsyncServiceScope scope)
    {
        var events = scope.ServiceProvider.GetRequiredService<EventRecorder>();
        events.Actor = new EventActor(null, "Latchkey");
        return events;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A mail ({Template}) was not sent: {Reason}"
    )]
    private static partial void LogNotSent(ILogger log, string template, string reason);
}
