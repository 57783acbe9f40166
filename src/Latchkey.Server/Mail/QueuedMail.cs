namespace Latchkey.Server.Mail;

/// <summary>A mail on its way. It is made in the transaction that causes it and deleted when a server has taken it.</summary>
internal sealed class QueuedMail
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The key of its template.</summary>
    public required string Template { get; init; }

    public required string Recipient { get; init; }

    /// <summary>Whose mail it is; it goes with its user.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Subject and texts, encrypted: they hold links that open accounts.</summary>
    public required byte[] Content { get; init; }

    public MailState State { get; set; } = MailState.Waiting;

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is tried next. A node that takes it moves this on first, so that no other node takes it too.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Why the last try failed, as <see cref="MailError.Stored"/> has it; a sentence from older versions.</summary>
    public string? LastError { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this it is worth nothing to its reader, such as a link that has run out.</summary>
    public DateTimeOffset? WorthUntil { get; init; }
}

internal enum MailState
{
    /// <summary>Sent as soon as it can be.</summary>
    Waiting,

    /// <summary>Given up; somebody has to look.</summary>
    Failed,
}
