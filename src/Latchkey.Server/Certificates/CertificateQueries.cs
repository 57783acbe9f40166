using Latchkey.Server.Applications;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>An application with its certificates and whoever read its metadata.</summary>
internal sealed record CertifiedApplication(
    Application Application,
    CertificateSet Set,
    IReadOnlyList<MetadataReading> Readings
)
{
    /// <summary>What service providers have to know by the next switch: the next certificate, or else the one that signs.</summary>
    public ApplicationCertificate? Wanted => Set.Next ?? Set.Active;

    /// <summary>The last time that the service provider read the certificate from the metadata; null if it never did.</summary>
    public MetadataReading? Reading =>
        Wanted is { } wanted ? Own.FirstOrDefault(r => r.Has(wanted)) : null;

    /// <summary>The last time that it read the metadata at all.</summary>
    public MetadataReading? LastReading => Own.FirstOrDefault();

    /// <summary>Without those of somebody who looked at it in a browser.</summary>
    private IEnumerable<MetadataReading> Own => Readings.Where(r => !r.ByBrowser);
}

internal sealed record CertifiedPage(IReadOnlyList<CertifiedApplication> Rows, int Total);

/// <summary>What the pages ask about certificates.</summary>
internal sealed class CertificateQueries(
    IDbContextFactory<LatchkeyDbContext> databases,
    MetadataReadings readings,
    TimeProvider time
)
{
    /// <summary>Applications that have a certificate, the next to end first.</summary>
    /// <param name="search">Part of label or slug.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<CertifiedPage> ListAsync(
        string? search,
        int page,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applications = await SigningAsync(db, search, cancellationToken);
        var total = await applications.CountAsync(cancellationToken);
        var rows = await applications
            .OrderBy(a =>
                db.ApplicationCertificates.Where(c => c.ApplicationId == a.Id && c.SignsFrom <= now)
                    .OrderByDescending(c => c.SignsFrom)
                    .ThenByDescending(c => c.Id)
                    .Select(c => c.NotAfter)
                    .FirstOrDefault()
            )
            .ThenBy(a => a.Id)
            .Skip((page - 1) * size)
            .Take(size)
            .ToListAsync(cancellationToken);
        return new(await CertifiedAsync(db, rows, now, cancellationToken), total);
    }

    /// <summary>Those whose slugs follow another, in the order of slugs: what comes or goes in between moves nothing.</summary>
    /// <param name="search">As for the list of the page.</param>
    /// <param name="after">The last slug that was seen; null to begin.</param>
    /// <param name="size">At most so many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<CertifiedApplication>> AfterAsync(
        string? search,
        string? after,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applications = await SigningAsync(db, search, cancellationToken);
        if (after is not null)
        {
            // Translated to SQL's comparison, by the collation that orders too.
#pragma warning disable CA1309, CA1310, MA0001, MA0074
            applications = applications.Where(a => string.Compare(a.Slug, after) > 0);
#pragma warning restore CA1309, CA1310, MA0001, MA0074
        }
        var rows = await applications
            .OrderBy(a => a.Slug)
            .Take(size)
            .ToListAsync(cancellationToken);
        return await CertifiedAsync(db, rows, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>One of them; null for what is no application, or one that signs nothing.</summary>
    public async Task<CertifiedApplication?> FindAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var application = await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(
                a => a.Id == applicationId && a.Kind == ApplicationKind.Saml,
                cancellationToken
            );
        return application is null
            ? null
            : (await CertifiedAsync(db, [application], time.GetUtcNow(), cancellationToken))[0];
    }

    /// <summary>Several of them.</summary>
    public async Task<IReadOnlyList<CertifiedApplication>> FindAsync(
        IReadOnlyCollection<Guid> applicationIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applications = await db
            .Applications.AsNoTracking()
            .Where(a => applicationIds.Contains(a.Id) && a.Kind == ApplicationKind.Saml)
            .OrderBy(a => a.Label)
            .ToListAsync(cancellationToken);
        return await CertifiedAsync(db, applications, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Applications that sign or will.</summary>
    private static async Task<IQueryable<Application>> SigningAsync(
        LatchkeyDbContext db,
        string? search,
        CancellationToken cancellationToken
    )
    {
        var found = await SearchTables.Applications.FindAsync(db, search, cancellationToken);
        return found.Rows.Where(a =>
            db.ApplicationCertificates.Any(c => c.ApplicationId == a.Id && c.SignsFrom != null)
        );
    }

    private async Task<IReadOnlyList<CertifiedApplication>> CertifiedAsync(
        LatchkeyDbContext db,
        List<Application> applications,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var ids = applications.ConvertAll(a => a.Id);
        var certificates = (
            await db
                .ApplicationCertificates.AsNoTracking()
                .Where(c => ids.Contains(c.ApplicationId))
                .ToListAsync(cancellationToken)
        ).ToLookup(c => c.ApplicationId);
        var read = await readings.OfAsync(ids, cancellationToken);
        return
        [
            .. applications.Select(a => new CertifiedApplication(
                a,
                CertificateSet.Of([.. certificates[a.Id]], now),
                [.. read[a.Id]]
            )),
        ];
    }
}
