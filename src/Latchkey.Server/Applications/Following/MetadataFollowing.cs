using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Following;

/// <summary>A followed address with its application.</summary>
internal sealed record FollowedApplication(Guid Id, string Label, FollowedMetadata Followed);

/// <summary>Begins and ends the following of addresses.</summary>
internal sealed class MetadataFollowing(
    IDbContextFactory<LatchkeyDbContext> databases,
    ApplicationService applications,
    MetadataFetch fetch,
    MetadataImport import,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Pinned certificates are rolled over one after the other; nobody needs many.</summary>
    public const int MaxPinned = 5;

    /// <summary>Reads the address once and follows it from now on, see <see cref="StartAsync(Guid, DocumentToFollow, CancellationToken)"/>.</summary>
    /// <param name="id">The application.</param>
    /// <param name="url">Where.</param>
    /// <param name="pinned">Certificates, each as text, of which one must have signed what is there; none to believe https.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<StartedFollowing>> StartAsync(
        Guid id,
        string url,
        IReadOnlyList<string> pinned,
        CancellationToken cancellationToken = default
    )
    {
        if (await FindAsync(id, cancellationToken) is { } already)
        {
            return new Problem("follow-already", "metadata_url", already.Url);
        }
        var fetched = await FetchAsync(url, pinned, cancellationToken);
        return fetched.Ok
            ? await StartAsync(id, fetched.Value, cancellationToken)
            : Outcome<StartedFollowing>.Failed(fetched.Problems);
    }

    /// <summary>Reads an address that is to be followed. It waits for somebody else's server, which nothing may do inside of a transaction.</summary>
    public async Task<Outcome<DocumentToFollow>> FetchAsync(
        string url,
        IReadOnlyList<string> pinned,
        CancellationToken cancellationToken = default
    )
    {
        if (!TryRead(pinned, out var certificates, out var unreadable))
        {
            return unreadable;
        }
        var fetched = await fetch.GetAsync(url, cancellationToken: cancellationToken);
        if (!fetched.Ok)
        {
            return Outcome<DocumentToFollow>.Failed(fetched.Problems);
        }
        using var keys = new PinnedKeys(certificates);
        var read = import.Read(fetched.Value.Body, keys.All);
        return read.Ok
            ? new DocumentToFollow(url, certificates, fetched.Value, read.Value)
            : Outcome<DocumentToFollow>.Failed(read.Problems);
    }

    /// <summary>Follows an address from now on. What the application says otherwise today stays until an administrator confirms it.</summary>
    /// <param name="id">The application.</param>
    /// <param name="document">What was read there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The proposal to look at; null within if there is nothing to confirm.</returns>
    public async Task<Outcome<StartedFollowing>> StartAsync(
        Guid id,
        DocumentToFollow document,
        CancellationToken cancellationToken = default
    )
    {
        var (url, certificates, fetched, metadata) = document;
        var application = await applications.FindAsync(id, cancellationToken);
        if (application is not { Kind: ApplicationKind.Saml })
        {
            return new Problem("application-missing", "id");
        }
        if (await FindAsync(id, cancellationToken) is { } already)
        {
            return new Problem("follow-already", "metadata_url", already.Url);
        }
        var said = Choose(metadata, application.SpEntityId);
        if (!said.Ok)
        {
            return Outcome<StartedFollowing>.Failed(said.Problems);
        }
        var now = time.GetUtcNow();
        var followed = new FollowedMetadata
        {
            ApplicationId = id,
            Url = url,
            PinnedCertificates = certificates,
            EntityTag = fetched.Validators?.ETag,
            LastModified = fetched.Validators?.LastModified,
            StartedAt = now,
            SucceededAt = now,
            NextAt = RefreshTimes.Next(now, said.Value.CacheDuration, said.Value.ValidUntil),
            ValidUntil = said.Value.ValidUntil,
            ValidSince = said.Value.ValidUntil is null ? null : now,
        };
        var differing = MetadataDifference
            .Between(application, said.Value, before: null)
            .Where(d => !d.Field.IsAdvice)
            .Select(d => d.Name)
            .ToList();
        MetadataProposal? proposal = null;
        var saved = await applications.UpdateAsync(
            id,
            new ApplicationInput(),
            application.Version,
            cancellationToken,
            async (db, row, ct) =>
            {
                db.FollowedMetadata.Add(followed);
                var copy = new MetadataCopy
                {
                    ApplicationId = id,
                    Content = fetched.Body,
                    EntityId = said.Value.EntityId,
                    Url = url,
                    TakenAt = now,
                };
                await MetadataProposals.KeepAsync(db, copy, ct);
                proposal = await MetadataProposals.HoldAsync(db, copy, differing, ct);
                db.Events.Add(
                    Event(
                        EventTypes.MetadataFollowStart,
                        row,
                        new
                        {
                            url,
                            pinned = certificates.Select(c =>
                                CertificateText.Sha256(Convert.FromBase64String(c))
                            ),
                            differs = differing,
                        }
                    )
                );
            }
        );
        return saved.Ok
            ? new StartedFollowing(saved.Value, proposal)
            : Outcome<StartedFollowing>.Failed(saved.Problems);
    }

    /// <summary>Follows no more. Everything stays as it is, and counts without an end: it is the administrator's own now.</summary>
    /// <returns>Whether it was followed.</returns>
    public async Task<bool> StopAsync(
        Application application,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var followed = await db.FollowedMetadata.SingleOrDefaultAsync(
            f => f.ApplicationId == application.Id,
            cancellationToken
        );
        if (followed is null)
        {
            return false;
        }
        db.FollowedMetadata.Remove(followed);
        await MetadataProposals.ReleaseAsync(db, application.Id, cancellationToken);
        db.Events.Add(
            Event(EventTypes.MetadataFollowStop, application, new { url = followed.Url })
        );
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>How an application's address is followed; null if it has none.</summary>
    public async Task<FollowedMetadata?> FindAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .FollowedMetadata.AsNoTracking()
            .SingleOrDefaultAsync(f => f.ApplicationId == applicationId, cancellationToken);
    }

    /// <summary>Followed metadata that needs somebody: it cannot be read, ends, or says what waits for a decision.</summary>
    public static IQueryable<FollowedMetadata> Needing(LatchkeyDbContext db) =>
        db.FollowedMetadata.Where(f =>
            f.Alarm != MetadataAlarm.None
            || db.MetadataProposals.Any(p => p.ApplicationId == f.ApplicationId && p.IsHeld)
        );

    /// <summary>The applications whose address needs somebody, by name.</summary>
    public async Task<IReadOnlyList<FollowedApplication>> NeedingAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Needing(db)
            .AsNoTracking()
            .Join(
                db.Applications,
                f => f.ApplicationId,
                a => a.Id,
                (f, a) =>
                    new
                    {
                        a.Id,
                        a.Label,
                        Followed = f,
                    }
            )
            .OrderBy(row => row.Label)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(r => new FollowedApplication(r.Id, r.Label, r.Followed))];
    }

    /// <summary>This application's part of followed metadata: that of exactly this entity ID, however many there are (rule M2).</summary>
    public static Outcome<ImportedServiceProvider> Choose(
        Outcome<ImportedMetadata> read,
        string entityId
    )
    {
        if (!read.Ok)
        {
            return Outcome<ImportedServiceProvider>.Failed(read.Problems);
        }
        var own = read.Value.ServiceProviders.Where(sp => sp.EntityId == entityId).ToList();
        return own switch
        {
            [] => new Problem("follow-other-entity", "metadata", entityId),
            [{ AcsEndpoints.Count: 0 }] => new Problem("metadata-no-post-acs", "metadata"),
            [var one] => one,
            _ => new Problem("follow-entity-twice", "metadata", entityId),
        };
    }

    private static bool TryRead(
        IReadOnlyList<string> texts,
        out IReadOnlyList<string> certificates,
        out Problem problem
    )
    {
        var found = new List<string>();
        (certificates, problem) = (found, null!);
        foreach (var text in texts.Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            if (!CertificateText.TryParse(text, out var parsed, out var fault))
            {
                problem = new Problem(fault, "pinned");
                return false;
            }
            found.AddRange(parsed);
        }
        if (found.Count > MaxPinned)
        {
            problem = new Problem("certificates-too-many", "pinned", MaxPinned);
            return false;
        }
        return true;
    }

    private Event Event(string type, Application application, object details) =>
        events.New(
            type,
            success: true,
            subject: new EventSubject("application", application.Id, application.Label),
            details: details,
            applicationId: application.Id
        );
}

/// <param name="Application">Which is followed now.</param>
/// <param name="Proposal">What differs today and waits for an administrator; null if nothing does.</param>
internal sealed record StartedFollowing(Application Application, MetadataProposal? Proposal);

/// <summary>An address that is to be followed, as it was read just now.</summary>
/// <param name="Certificates">DER, base64; of which one has signed it; none where https is believed.</param>
internal sealed record DocumentToFollow(
    string Url,
    IReadOnlyList<string> Certificates,
    FetchedFile File,
    ImportedMetadata Metadata
);
