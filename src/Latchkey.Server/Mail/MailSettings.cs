using System.Net.Mail;
using Latchkey.Server.Mail.Smtp;

namespace Latchkey.Server.Mail;

/// <summary>What the environment says about mail; null is left to the page.</summary>
internal sealed record MailEnvironment
{
    public SmtpAddress? Smtp { get; init; }

    /// <summary>Where mails are written instead of being sent; a mail server goes before it.</summary>
    public string? Folder { get; init; }

    public MailAddress? From { get; init; }
}

/// <summary>How mail leaves, from the environment or from the page.</summary>
internal sealed record MailSettings
{
    public SmtpAddress? Smtp { get; init; }
    public string? Folder { get; init; }
    public required MailAddress From { get; init; }

    /// <summary>Whether the way out is set by the environment, which the page cannot change.</summary>
    public bool WayIsFixed { get; init; }

    /// <summary>Whether the sender is set by the environment.</summary>
    public bool FromIsFixed { get; init; }

    /// <summary>Whether mail can leave at all.</summary>
    public bool IsSetUp => Smtp is not null || Folder is not null;
}
