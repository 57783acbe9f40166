using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Following;

/// <summary>Whether the metadata of a followed application still counts (rule M2).</summary>
internal sealed class FollowedValidity(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>Whether it has ended.</summary>
    /// <param name="applicationId">Which application.</param>
    /// <param name="known">The end as it is kept in memory: a nearer one comes with a new version of the application, so only when this has passed is the stored one looked at.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<bool> IsOverAsync(
        Guid applicationId,
        DateTimeOffset? known,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        if (known is null || known > now)
        {
            return false;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await EndAsync(db, applicationId, cancellationToken) <= now;
    }

    /// <summary>When it ends; null if it does not say, or is not followed.</summary>
    public static Task<DateTimeOffset?> EndAsync(
        LatchkeyDbContext db,
        Guid applicationId,
        CancellationToken cancellationToken
    ) =>
        db
            .FollowedMetadata.Where(f => f.ApplicationId == applicationId)
            .Select(f => f.ValidUntil)
            .SingleOrDefaultAsync(cancellationToken);
}
