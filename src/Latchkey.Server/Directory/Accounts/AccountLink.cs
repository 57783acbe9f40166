namespace Latchkey.Server.Directory.Accounts;

/// <summary>A link that was mailed to the owner of an account. Whoever has it may set the password, once, until it runs out. The row holds only its hash.</summary>
internal sealed class AccountLink
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid UserId { get; init; }
    public required AccountLinkKind Kind { get; init; }

    /// <summary>SHA-256 of the secret in the link; unique.</summary>
    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal enum AccountLinkKind
{
    Activation,
    PasswordReset,
}
