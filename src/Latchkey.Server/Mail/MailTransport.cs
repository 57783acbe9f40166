using System.Net.Security;
using Latchkey.Server.Mail.Smtp;

namespace Latchkey.Server.Mail;

/// <summary>Opens the way out that is set.</summary>
internal sealed class MailTransport(MailSettingsService settings, ILogger<FolderMail> log)
{
    /// <summary>Judges mail servers' certificates instead of the system; for tests.</summary>
    public RemoteCertificateValidationCallback? Trust { get; init; }

    /// <exception cref="MailNotSentException">There is none, or it does not open, and why.</exception>
    public async Task<IMailConnection> OpenAsync(
        MailSettings way,
        CancellationToken cancellationToken
    )
    {
        if (way.Smtp is { } server)
        {
            return await SmtpConnection.OpenAsync(
                server,
                settings.LocalName(),
                Trust,
                cancellationToken
            );
        }
        return way.Folder is { } folder
            ? new FolderMail(folder, log)
            : throw new MailNotSentException(new MailError("not-set-up"));
    }
}
