using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail;

/// <summary>To whom a mail goes.</summary>
/// <param name="Address">The bare address.</param>
/// <param name="UserId">Whose it is; null for an address that is nobody's.</param>
/// <param name="Language">The tag of the reader's language; null for the organisation's.</param>
internal sealed record MailRecipient(string Address, Guid? UserId, string? Language);

/// <summary>Where mails wait until a server takes them. What puts one in does so in its own transaction: no mail without its cause, no cause without its mail.</summary>
internal sealed class MailQueue(
    IDbContextFactory<LatchkeyDbContext> databases,
    MailTemplateService templates,
    IDataProtectionProvider protection,
    MailBell bell,
    TimeProvider time
)
{
    private readonly IDataProtector _protector = protection.CreateProtector(
        "Latchkey.Server.Mail.Content.v1"
    );

    /// <summary>Adds a mail to what the caller is about to save.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="template">What is said.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="values">A value for every placeholder of the template.</param>
    /// <param name="worthUntil">When it need not be sent any more; null for always.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task EnqueueAsync(
        LatchkeyDbContext db,
        MailTemplate template,
        MailRecipient recipient,
        IReadOnlyDictionary<string, MailValue> values,
        DateTimeOffset? worthUntil = null,
        CancellationToken cancellationToken = default
    )
    {
        var rendered = await templates.RenderAsync(
            template,
            values,
            recipient.Language,
            cancellationToken
        );
        var now = time.GetUtcNow();
        db.QueuedMails.Add(
            new QueuedMail
            {
                Template = template.Key,
                Recipient = recipient.Address,
                UserId = recipient.UserId,
                Content = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(rendered)),
                NextAttemptAt = now,
                CreatedAt = now,
                WorthUntil = worthUntil,
            }
        );
        bell.RingWhenSaved(db);
    }

    /// <summary>What a queued mail says; null if the key that encrypted it is gone.</summary>
    public RenderedMail? Open(QueuedMail mail)
    {
        try
        {
            return JsonSerializer.Deserialize<RenderedMail>(_protector.Unprotect(mail.Content));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The mails on their way, those that wait for somebody first.</summary>
    public async Task<MailList> ListAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var total = await db.QueuedMails.CountAsync(cancellationToken);
        // "Failed" stands before "Waiting" in the alphabet, and that is how states are stored.
        var rows = await db
            .QueuedMails.AsNoTracking()
            .OrderBy(m => m.State)
            .ThenByDescending(m => m.Attempts)
            .ThenBy(m => m.CreatedAt)
            .Take(most)
            .ToListAsync(cancellationToken);
        return new MailList(rows, total);
    }

    /// <summary>How many mails did not leave at the first try.</summary>
    public async Task<int> CountStuckAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.QueuedMails.CountAsync(
            m => m.State == MailState.Failed || m.LastError != null,
            cancellationToken
        );
    }

    /// <summary>Tries mails again at once: one, or all that failed.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RetryAsync(
        Guid? id,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        const int batch = 100;
        List<Guid> stuck;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            // Those of now: one that fails again meanwhile is not tried a second time.
            stuck = await db
                .QueuedMails.Where(m =>
                    id == null ? m.State == MailState.Failed || m.LastError != null : m.Id == id
                )
                .OrderBy(m => m.CreatedAt)
                .Select(m => m.Id)
                .ToListAsync(cancellationToken);
        }
        var retried = 0;
        foreach (var ids in stuck.Chunk(batch))
        {
            retried += await RetryAsync(ids, events, cancellationToken);
        }
        return retried;
    }

    private async Task<int> RetryAsync(
        IReadOnlyCollection<Guid> ids,
        EventRecorder events,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mails = await db
            .QueuedMails.Where(m => ids.Contains(m.Id))
            .ToListAsync(cancellationToken);
        foreach (var mail in mails)
        {
            (mail.State, mail.Attempts, mail.LastError) = (MailState.Waiting, 0, null);
            mail.NextAttemptAt = time.GetUtcNow();
            db.Events.Add(MailEvents.Of(events, EventTypes.MailRetry, mail));
        }
        bell.RingWhenSaved(db);
        await db.SaveChangesAsync(cancellationToken);
        return mails.Count;
    }

    /// <summary>Deletes a mail unsent.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteAsync(
        Guid id,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mail = await db.QueuedMails.SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
        if (mail is null)
        {
            return false;
        }
        db.QueuedMails.Remove(mail);
        db.Events.Add(MailEvents.Of(events, EventTypes.MailDelete, mail));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}

internal sealed record MailList(IReadOnlyList<QueuedMail> Mails, int Total);

/// <summary>Events about one mail: which template, to whom; never what it says.</summary>
internal static class MailEvents
{
    public static Event Of(
        EventRecorder events,
        string type,
        QueuedMail mail,
        string? error = null,
        bool givenUp = false
    ) =>
        events.New(
            type,
            success: error is null,
            new EventSubject("user", mail.UserId, mail.Recipient),
            new
            {
                template = mail.Template,
                recipient = mail.Recipient,
                attempts = mail.Attempts,
                error,
                given_up = error is null ? (bool?)null : givenUp,
            },
            findingCode: error is null ? null : "mail-not-sent"
        );
}
