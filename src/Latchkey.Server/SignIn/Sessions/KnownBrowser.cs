namespace Latchkey.Server.SignIn.Sessions;

/// <summary>A browser in which a user has signed in. Its cookie holds a secret that changes with every sign-in; the row only the hash. Several users of one browser have a row each.</summary>
internal sealed class KnownBrowser
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public required byte[] TokenHash { get; set; }

    public string? UserAgent { get; set; }
    public string? ClientIp { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last sign-in.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the user was told by mail that this browser is new; null if not.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>Until when it is let off the second step; null for not at all.</summary>
    public DateTimeOffset? RememberedUntil { get; set; }

    /// <summary>The user's stamp when that was granted: a changed password takes it back.</summary>
    public string? RememberedStamp { get; set; }
}
