using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal;

/// <summary>Finds what a user may open.</summary>
internal sealed class PortalTiles(
    IDbContextFactory<LatchkeyDbContext> databases,
    ConnectorCatalogue catalogue
)
{
    /// <summary>The active applications that are granted to the user, without those that show no tile, by name.</summary>
    public async Task<IReadOnlyList<PortalTile>> ForAsync(Guid userId, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        // From the user's own grants and groups, not from all applications.
        var granted = database
            .ApplicationUsers.Where(u => u.UserId == userId)
            .Select(u => u.ApplicationId)
            .Union(
                database
                    .GroupMembers.Where(m => m.UserId == userId)
                    .Join(
                        database.ApplicationGroups,
                        m => m.GroupId,
                        g => g.GroupId,
                        (_, g) => g.ApplicationId
                    )
            );
        var found = await database
            .Applications.Where(a => a.Active && !a.Hidden && granted.Contains(a.Id))
            .Select(a => new
            {
                a.Id,
                a.Slug,
                a.Label,
                a.Description,
                a.Categories,
                a.LoginUrl,
                a.Color,
                a.Kind,
                a.Connector,
                HasLogo = a.Logo != null,
                a.Version,
                IsFavorite = database.PortalFavorites.Any(f =>
                    f.UserId == userId && f.ApplicationId == a.Id
                ),
            })
            .ToListAsync(ct);
        return
        [
            .. found
                .Select(a => new PortalTile(
                    a.Id,
                    a.Slug,
                    a.Label,
                    a.Description,
                    a.LoginUrl is { Length: > 0 } url ? url : null,
                    a.HasLogo ? $"/logos/{a.Slug}?v={a.Version}" : null,
                    a.Color,
                    a.Kind == ApplicationKind.Bookmark,
                    catalogue.Find(a.Connector)
                )
                {
                    Categories = a.Categories,
                    IsFavorite = a.IsFavorite,
                })
                .OrderBy(t => t.Label, StringComparer.CurrentCultureIgnoreCase),
        ];
    }

    /// <summary>The events by which an application counts as used.</summary>
    public static IReadOnlyList<string> Uses { get; } =
    [EventTypes.SsoAuth, EventTypes.BookmarkOpen];

    /// <summary>The applications that the user opened last, the latest first; told by the record of events.</summary>
    public async Task<IReadOnlyList<Guid>> RecentAsync(Guid userId, int most, CancellationToken ct)
    {
        // Enough sign-ins to hold several applications, few enough to be read each time.
        const int looked = 60;
        await using var database = await databases.CreateDbContextAsync(ct);
        var last = await database
            .Events.Where(e =>
                e.ActorId == userId && Uses.Contains(e.Type) && e.Success && e.ApplicationId != null
            )
            .OrderByDescending(e => e.At)
            .Take(looked)
            .Select(e => e.ApplicationId!.Value)
            .ToListAsync(ct);
        return [.. last.Distinct().Take(most)];
    }
}
