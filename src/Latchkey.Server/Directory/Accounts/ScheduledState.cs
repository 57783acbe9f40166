namespace Latchkey.Server.Directory.Accounts;

/// <summary>A state that a user will be in from a moment on (J-62). One for each state; it is gone when it has come.</summary>
internal sealed class ScheduledState
{
    public required Guid UserId { get; init; }

    /// <summary>Activated or suspended.</summary>
    public required UserState State { get; init; }

    public required DateTimeOffset At { get; set; }

    /// <summary>Whether an activation mail goes with it.</summary>
    public bool SendMail { get; set; }

    /// <summary>Where it goes instead of the user's own addresses.</summary>
    public string? MailTo { get; set; }
}
