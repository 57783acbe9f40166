using System.Globalization;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal;

/// <summary>One application on the portal.</summary>
/// <param name="LoginUrl">Where the application starts the sign-in itself (J-17); else we start it.</param>
/// <param name="LogoAddress">Its picture, served by us.</param>
/// <param name="Color">The colour behind its letter.</param>
/// <param name="IsBookmark">It opens an address and signs nobody in (J-54).</param>
/// <param name="Connector">Gives the logo where the application has none of its own.</param>
internal sealed record PortalTile(
    string Slug,
    string Label,
    string? Description,
    string? LoginUrl,
    string? LogoAddress,
    string? Color = null,
    bool IsBookmark = false,
    Connector? Connector = null
)
{
    /// <summary>Stands in for a logo.</summary>
    public string Letter => StringInfo.GetNextTextElement(Label).ToUpperInvariant();

    /// <summary>The number of its colour.</summary>
    public int Hue => ApplicationColors.HueOf(Color, Slug);

    public bool Matches(string text) =>
        Label.Contains(text, StringComparison.CurrentCultureIgnoreCase)
        || Description?.Contains(text, StringComparison.CurrentCultureIgnoreCase) == true;
}

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
        var found = await database
            .Applications.Where(a =>
                a.Active
                && !a.Hidden
                && (
                    database.ApplicationUsers.Any(u =>
                        u.ApplicationId == a.Id && u.UserId == userId
                    )
                    || database.ApplicationGroups.Any(g =>
                        g.ApplicationId == a.Id
                        && database.GroupMembers.Any(m =>
                            m.GroupId == g.GroupId && m.UserId == userId
                        )
                    )
                )
            )
            .Select(a => new
            {
                a.Slug,
                a.Label,
                a.Description,
                a.LoginUrl,
                a.Color,
                a.Kind,
                a.Connector,
                HasLogo = a.Logo != null,
                a.Version,
            })
            .ToListAsync(ct);
        return
        [
            .. found
                .Select(a => new PortalTile(
                    a.Slug,
                    a.Label,
                    a.Description,
                    a.LoginUrl is { Length: > 0 } url ? url : null,
                    a.HasLogo ? $"/logos/{a.Slug}?v={a.Version}" : null,
                    a.Color,
                    a.Kind == ApplicationKind.Bookmark,
                    catalogue.Find(a.Connector)
                ))
                .OrderBy(t => t.Label, StringComparer.CurrentCultureIgnoreCase),
        ];
    }
}
