using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Mail;

/// <summary>Sends a mail at once, past the queue, so that whoever asks for it sees the server's answer.</summary>
internal sealed class TestMail(
    MailSettingsService settings,
    MailTransport transport,
    MailTemplateService templates,
    ITexts texts,
    TimeProvider time
)
{
    /// <param name="to">Where it goes.</param>
    /// <param name="name">Who is greeted; null for a sample.</param>
    /// <param name="language">In which language, by its tag; null for the organisation's.</param>
    /// <param name="events">Records it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Why it did not leave; null if it did.</returns>
    public async Task<Problem?> SendAsync(
        string to,
        string? name,
        string? language,
        EventRecorder events,
        CancellationToken cancellationToken
    )
    {
        if (MailRecipients.Deliverable(to.Trim()) is not { } address)
        {
            return new Problem("email-invalid", "to");
        }
        var error = await TryAsync(address, name, language, cancellationToken);
        await events.RecordAsync(
            error is null ? EventTypes.MailSent : EventTypes.MailFailed,
            success: error is null,
            new EventSubject("user", null, address),
            new
            {
                template = MailTemplates.Test.Key,
                recipient = address,
                error = error?.Say(texts.In(LanguageTags.English)),
            },
            findingCode: error is null ? null : "mail-not-sent"
        );
        return error is null ? null : new Problem("mail-not-sent", "to", error.Say(texts));
    }

    private async Task<MailError?> TryAsync(
        string to,
        string? name,
        string? language,
        CancellationToken cancellationToken
    )
    {
        var values = templates.Samples(MailTemplates.Test);
        if (name is not null)
        {
            values = new Dictionary<string, MailValue>(values) { ["name"] = name };
        }
        var mail = await templates.RenderAsync(
            MailTemplates.Test,
            values,
            language,
            cancellationToken
        );
        var way = await settings.ReadAsync(cancellationToken);
        try
        {
            await using var connection = await transport.OpenAsync(way, cancellationToken);
            await connection.SendAsync(
                new OutgoingMail(
                    way.From,
                    to,
                    mail.Subject,
                    mail.Text(),
                    mail.Html(),
                    Guid.CreateVersion7(),
                    time.GetUtcNow()
                ),
                cancellationToken
            );
            return null;
        }
        catch (MailNotSentException e)
        {
            return e.Error;
        }
    }
}
