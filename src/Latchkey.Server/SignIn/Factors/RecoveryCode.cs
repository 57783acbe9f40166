namespace Latchkey.Server.SignIn.Factors;

/// <summary>One of the codes a user keeps for the day the other factors are lost. Works once.</summary>
internal sealed class RecoveryCode
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of user and code. A code is 79 random bits, too many to try: no slow hash is needed.</summary>
    public required byte[] CodeHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}
