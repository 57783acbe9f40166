using System.Linq.Expressions;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>A row of the list.</summary>
internal sealed record ApplicationRow(
    Guid Id,
    ApplicationKind Kind,
    string Slug,
    string Label,
    string SpEntityId,
    bool Active,
    int Groups,
    int Users,
    DateTimeOffset? CertificateNotAfter
)
{
    public bool IsBookmark => Kind == ApplicationKind.Bookmark;

    /// <summary>Its page.</summary>
    public string Address =>
        IsBookmark ? $"/admin/applications/{Id}/bookmark" : $"/admin/applications/{Id}";

    /// <summary>The first letter as people see it, for the coloured square.</summary>
    public string Initial => System.Globalization.StringInfo.GetNextTextElement(Label);

    /// <summary>Connected, but nobody was let in: a listed cause of failed sign-ins (S0-20).</summary>
    public bool OpenToNobody => Active && Groups == 0 && Users == 0;
}

/// <summary>What the pages ask about applications.</summary>
internal sealed class ApplicationQueries(
    IDbContextFactory<LatchkeyDbContext> databases,
    EndingCertificates ending,
    TimeProvider time
)
{
    /// <param name="search">Part of label, slug or entity ID.</param>
    /// <param name="filter">"active", "inactive", "nobody" for those open to nobody, "ending" for those whose certificate ends, "metadata" for those whose followed metadata needs somebody, or anything else for all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<PageOf<ApplicationRow>> ListAsync(
        string? search,
        string? filter,
        int page,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await SearchTables.Applications.FindAsync(db, search, cancellationToken);
        var needing = MetadataFollowing.Needing(db);
        var applications = filter switch
        {
            "active" => found.Rows.Where(a => a.Active),
            "inactive" => found.Rows.Where(a => !a.Active),
            "nobody" => found.Rows.Where(a =>
                a.Active
                && !db.ApplicationGroups.Any(g => g.ApplicationId == a.Id)
                && !db.ApplicationUsers.Any(u => u.ApplicationId == a.Id)
            ),
            "ending" => found.Rows.Where(await EndsAsync(cancellationToken)),
            "metadata" => found.Rows.Where(a => needing.Any(f => f.ApplicationId == a.Id)),
            _ => found.Rows,
        };
        return await Paging.ReadAsync(
            applications,
            matching => Rows(db, matching.OrderBy(a => a.Label).ThenBy(a => a.Id)),
            page,
            size,
            cancellationToken,
            ReferenceEquals(applications, found.Rows) ? found.Count : null
        );
    }

    private async Task<Expression<Func<Application, bool>>> EndsAsync(
        CancellationToken cancellationToken
    )
    {
        var ids = (await ending.ReadAsync(cancellationToken))
            .Select(e => e.Application.Id)
            .ToList();
        return a => ids.Contains(a.Id);
    }

    /// <summary>The rows whose slugs follow another, in the order of slugs: what comes or goes in between moves nothing.</summary>
    /// <param name="search">As for the list of the pages.</param>
    /// <param name="after">The last slug that was seen; null to begin.</param>
    /// <param name="size">At most so many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<ApplicationRow>> AfterAsync(
        string? search,
        string? after,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applications = (
            await SearchTables.Applications.FindAsync(db, search, cancellationToken)
        ).Rows;
        if (after is not null)
        {
            // Translated to SQL's comparison, by the collation that orders too.
#pragma warning disable CA1309, CA1310, MA0001, MA0074
            applications = applications.Where(a => string.Compare(a.Slug, after) > 0);
#pragma warning restore CA1309, CA1310, MA0001, MA0074
        }
        return await Rows(db, applications.OrderBy(a => a.Slug).Take(size))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The certificate that signs now; null before the first activation.</summary>
    public async Task<ApplicationCertificate?> ActiveCertificateAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.ApplicationId == applicationId)
            .ToListAsync(cancellationToken);
        return CertificateSet.Of(all, time.GetUtcNow()).Active;
    }

    /// <summary>The label of another application with this IdP entity ID, or null.</summary>
    public async Task<string?> EntityIdOwnerAsync(
        string idpEntityId,
        string? exceptSlug,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.Where(a => a.IdpEntityId == idpEntityId && a.Slug != exceptSlug)
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The label of another application with this SP entity ID, or null. That several share one is no fault (K-03).</summary>
    public async Task<string?> SpEntityIdOwnerAsync(
        string spEntityId,
        string? exceptSlug,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.Where(a =>
                a.Kind == ApplicationKind.Saml && a.SpEntityId == spEntityId && a.Slug != exceptSlug
            )
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private IQueryable<ApplicationRow> Rows(
        LatchkeyDbContext db,
        IQueryable<Application> applications
    )
    {
        var now = time.GetUtcNow();
        return applications.Select(a => new ApplicationRow(
            a.Id,
            a.Kind,
            a.Slug,
            a.Label,
            a.SpEntityId,
            a.Active,
            db.ApplicationGroups.Count(g => g.ApplicationId == a.Id),
            db.ApplicationUsers.Count(u => u.ApplicationId == a.Id),
            db.ApplicationCertificates.Where(c => c.ApplicationId == a.Id && c.SignsFrom <= now)
                .OrderByDescending(c => c.SignsFrom)
                .ThenByDescending(c => c.Id)
                .Select(c => (DateTimeOffset?)c.NotAfter)
                .FirstOrDefault()
        ));
    }
}
