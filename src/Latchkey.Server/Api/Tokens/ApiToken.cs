namespace Latchkey.Server.Api.Tokens;

/// <summary>A bearer token for the API and the command line. Shown once; the row holds only its hash.</summary>
internal sealed class ApiToken
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Name { get; set; }

    /// <summary>SHA-256; unique.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The administrator it acts for.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What it was made for, words of <see cref="ApiScopes"/>; null for everything.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
}
