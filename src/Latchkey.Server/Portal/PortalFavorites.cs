using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal;

/// <summary>Keeps which applications users want first.</summary>
internal sealed class PortalFavorites(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>Marks an application, or takes the mark away. Done twice it is done once.</summary>
    public async Task SetAsync(Guid userId, Guid applicationId, bool wanted, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = db.PortalFavorites.Where(f =>
            f.UserId == userId && f.ApplicationId == applicationId
        );
        if (!wanted)
        {
            await rows.ExecuteDeleteAsync(ct);
            return;
        }
        if (await rows.AnyAsync(ct))
        {
            return;
        }
        db.PortalFavorites.Add(
            new PortalFavorite
            {
                UserId = userId,
                ApplicationId = applicationId,
                AddedAt = time.GetUtcNow(),
            }
        );
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Marked in another tab at the same moment, or the application went away: either way there is nothing to do.
        }
    }
}
