using System.Net.Mail;

namespace Latchkey.Server.Mail;

/// <summary>One mail to one recipient, as it leaves.</summary>
/// <param name="From">The sender, with a name or without.</param>
/// <param name="To">The recipient's bare address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The same as HTML.</param>
/// <param name="Id">Becomes the Message-ID: a mail sent twice by accident has one.</param>
/// <param name="At">The date in its head.</param>
internal sealed record OutgoingMail(
    MailAddress From,
    string To,
    string Subject,
    string Text,
    string Html,
    Guid Id,
    DateTimeOffset At
);

/// <summary>A way out that is open, for any number of mails.</summary>
internal interface IMailConnection : IAsyncDisposable
{
    /// <summary>Hands one mail over.</summary>
    /// <exception cref="MailNotSentException">It was not taken, and why.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}
