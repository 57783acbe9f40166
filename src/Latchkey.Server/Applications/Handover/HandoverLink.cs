namespace Latchkey.Server.Applications.Handover;

/// <summary>
/// Lets whoever holds it read one application's hand-over page without an account, until it expires or is revoked.
/// The page shows what the other side has to be told anyway; no secret is on it (S0-37).
/// </summary>
internal sealed class HandoverLink
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid ApplicationId { get; init; }

    /// <summary>SHA-256 of the token in the address: who reads the database cannot open the page by it.</summary>
    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
