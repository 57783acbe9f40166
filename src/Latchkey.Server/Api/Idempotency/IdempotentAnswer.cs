namespace Latchkey.Server.Api.Idempotency;

/// <summary>What a call with an <c>Idempotency-Key</c> was answered, kept with the change it made so that a repeat changes nothing and hears the same.</summary>
internal sealed class IdempotentAnswer
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public required Guid TokenId { get; init; }

    /// <summary>As the caller sent it; unique for the token.</summary>
    public required string Key { get; init; }

    /// <summary>HMAC-SHA256 with the token over method, path, query and body: a key that comes with something else is a mistake.</summary>
    public required byte[] CallHash { get; init; }

    public required int Status { get; init; }
    public string? Body { get; init; }
    public string? Location { get; init; }
    public long? Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
