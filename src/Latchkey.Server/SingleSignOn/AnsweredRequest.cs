namespace Latchkey.Server.SingleSignOn;

/// <summary>An AuthnRequest that was answered: the same ID is not answered twice.</summary>
internal sealed class AnsweredRequest
{
    public required Guid ApplicationId { get; init; }
    public required string RequestId { get; init; }

    /// <summary>After this the request would be refused as too old anyway, and the row can go.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
