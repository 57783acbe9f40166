namespace Latchkey.Server.SignIn.Factors;

/// <summary>A user's authenticator app (RFC 6238): one a user. It counts once a code of it was typed in.</summary>
internal sealed class Authenticator
{
    public required Guid UserId { get; init; }

    /// <summary>The shared secret, encrypted for this user alone.</summary>
    public required byte[] ProtectedSecret { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>The session or the sign-in under way in which it is being set up; in no other one is the secret shown, or a code of it taken.</summary>
    public Guid? BegunIn { get; set; }

    /// <summary>When the first code proved that the app holds the secret; null until then.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The step of the last code that was accepted: no code counts twice, and none of an earlier step.</summary>
    public long LastStep { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Wrong codes since the last right one.</summary>
    public int FailedCount { get; set; }

    /// <summary>Until when no code is looked at. Passkeys are not held up by it.</summary>
    public DateTimeOffset? LockedUntil { get; set; }
}
