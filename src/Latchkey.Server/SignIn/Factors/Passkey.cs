namespace Latchkey.Server.SignIn.Factors;

/// <summary>A passkey (Web Authentication Level 3): the public half of a key that an authenticator holds.</summary>
internal sealed class Passkey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid UserId { get; init; }

    /// <summary>The authenticator's name for the key; unique.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>The public key in COSE form.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; set; }

    /// <summary>The authenticator's counter; it never goes back, or the key was copied.</summary>
    public long SignCount { get; set; }

    /// <summary>How browsers may reach it, with spaces between.</summary>
    public required string Transports { get; init; }

    public bool IsUserVerified { get; set; }

    /// <summary>Whether it may be copied to the user's other devices: then it is a key in software.</summary>
    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; set; }
    public required byte[] AttestationObject { get; init; }
    public required byte[] ClientDataJson { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
}
