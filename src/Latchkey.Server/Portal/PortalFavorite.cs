namespace Latchkey.Server.Portal;

/// <summary>That a user wants an application first.</summary>
internal sealed class PortalFavorite
{
    public required Guid UserId { get; init; }
    public required Guid ApplicationId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}
