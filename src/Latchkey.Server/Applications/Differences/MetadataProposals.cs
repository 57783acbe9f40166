using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Differences;

/// <summary>A proposal laid beside its application.</summary>
/// <param name="Said">What the metadata says.</param>
/// <param name="Differences">What would change.</param>
internal sealed record ShownProposal(
    Application Application,
    MetadataProposal Proposal,
    ImportedServiceProvider Said,
    IReadOnlyList<FieldDifference> Differences
);

/// <summary>Metadata for an application that exists: laid down, shown, and taken over as far as an administrator says (S1-13, rules M2 and M3).</summary>
internal sealed class MetadataProposals(
    IDbContextFactory<LatchkeyDbContext> databases,
    ApplicationService applications,
    MetadataImport import,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>What nobody confirmed within a day is not meant any more.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);

    /// <summary>Lays metadata down for one service provider of it; an earlier import that nobody confirmed goes.</summary>
    public async Task<MetadataProposal> AddAsync(
        Guid applicationId,
        byte[] content,
        string entityId,
        string? url,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        var oldest = now - s_kept;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var earlier = await db
            .MetadataProposals.Where(p => p.ApplicationId == applicationId || p.CreatedAt < oldest)
            .ToListAsync(cancellationToken);
        db.MetadataProposals.RemoveRange(earlier.Where(p => !p.IsHeld));
        var proposal = new MetadataProposal
        {
            ApplicationId = applicationId,
            Content = content,
            EntityId = entityId,
            Url = url,
            CreatedAt = now,
        };
        db.MetadataProposals.Add(proposal);
        await db.SaveChangesAsync(cancellationToken);
        return proposal;
    }

    /// <summary>The proposal with what it would change as things are now; why not, if the metadata has expired since; null if it is gone.</summary>
    public async Task<Outcome<ShownProposal>?> FindAsync(
        Guid applicationId,
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var proposal = await db
            .MetadataProposals.AsNoTracking()
            .SingleOrDefaultAsync(
                p => p.Id == id && p.ApplicationId == applicationId,
                cancellationToken
            );
        var application = await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Id == applicationId, cancellationToken);
        if (proposal is null || application is null)
        {
            return null;
        }
        var read = import.Read(proposal.Content);
        var said = read.Ok
            ? read.Value.Choose(proposal.EntityId)
            : Outcome<ImportedServiceProvider>.Failed(read.Problems);
        if (!said.Ok)
        {
            return Outcome<ShownProposal>.Failed(said.Problems);
        }
        var before = Before(
            await db
                .MetadataCopies.AsNoTracking()
                .SingleOrDefaultAsync(c => c.ApplicationId == applicationId, cancellationToken)
        );
        return new ShownProposal(
            application,
            proposal,
            said.Value,
            MetadataDifference.Between(application, said.Value, before, held: proposal.Held)
        );
    }

    /// <summary>What was laid down for an application, the newest first.</summary>
    public async Task<IReadOnlyList<Guid>> OfAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .MetadataProposals.Where(p => p.ApplicationId == applicationId)
            .OrderByDescending(p => p.CreatedAt)
            .Select(p => p.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The proposal that a followed address left for an administrator, if there is one.</summary>
    public async Task<MetadataProposal?> HeldAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .MetadataProposals.AsNoTracking()
            .SingleOrDefaultAsync(
                p => p.ApplicationId == applicationId && p.IsHeld,
                cancellationToken
            );
    }

    /// <summary>Leaves these fields for an administrator, or none; the caller saves.</summary>
    /// <returns>The proposal that waits; null when nothing does.</returns>
    public static async Task<MetadataProposal?> HoldAsync(
        LatchkeyDbContext db,
        MetadataCopy copy,
        IReadOnlyList<string> fields,
        CancellationToken cancellationToken
    )
    {
        if (fields.Count == 0)
        {
            await ReleaseAsync(db, copy.ApplicationId, cancellationToken);
            return null;
        }
        var held = await db.MetadataProposals.SingleOrDefaultAsync(
            p => p.ApplicationId == copy.ApplicationId && p.IsHeld,
            cancellationToken
        );
        if (held is null)
        {
            held = new MetadataProposal
            {
                ApplicationId = copy.ApplicationId,
                Content = copy.Content,
                EntityId = copy.EntityId,
                IsHeld = true,
                CreatedAt = copy.TakenAt,
            };
            db.MetadataProposals.Add(held);
        }
        (held.Content, held.EntityId, held.Url, held.Held, held.CreatedAt) = (
            copy.Content,
            copy.EntityId,
            copy.Url,
            fields,
            copy.TakenAt
        );
        return held;
    }

    /// <summary>Nothing waits for an administrator any more; the caller saves.</summary>
    public static async Task ReleaseAsync(
        LatchkeyDbContext db,
        Guid applicationId,
        CancellationToken cancellationToken
    ) =>
        db.MetadataProposals.RemoveRange(
            await db
                .MetadataProposals.Where(p => p.ApplicationId == applicationId && p.IsHeld)
                .ToListAsync(cancellationToken)
        );

    /// <summary>Changes the ticked fields and no others; what is not ticked stays until the metadata says something else about it.</summary>
    /// <param name="shown">What was looked at.</param>
    /// <param name="ticked">The names of fields.</param>
    /// <param name="version">The application's version that was looked at.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<Application>> ApplyAsync(
        ShownProposal shown,
        IReadOnlyCollection<string> ticked,
        long version,
        CancellationToken cancellationToken = default
    )
    {
        var taken = shown.Differences.Where(d => ticked.Contains(d.Name)).ToList();
        return await applications.UpdateAsync(
            shown.Application.Id,
            MetadataDifference.Input(shown.Application, shown.Said, taken.Select(d => d.Field)),
            version,
            cancellationToken,
            (db, application, ct) => TakeAsync(db, application, shown, taken, ct)
        );
    }

    /// <summary>Leaves everything as it is. What was held is asked again when the metadata says something else.</summary>
    public async Task DismissAsync(
        ShownProposal shown,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.MetadataProposals.RemoveRange(
            await db
                .MetadataProposals.Where(p => p.Id == shown.Proposal.Id)
                .ToListAsync(cancellationToken)
        );
        db.Events.Add(
            Event(
                EventTypes.MetadataDismiss,
                shown.Application,
                shown.Proposal,
                [],
                shown.Differences
            )
        );
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>What a copy said. It was valid when it was taken, and counts for comparison whatever the time is now.</summary>
    public ImportedServiceProvider? Before(MetadataCopy? copy) =>
        copy is null
            ? null
            : import.ReadAsOf(copy.Content, copy.TakenAt).Value?.Choose(copy.EntityId).Value;

    /// <summary>Keeps a file as the one that an application was last brought up to date with; the caller saves.</summary>
    public static async Task KeepAsync(
        LatchkeyDbContext db,
        MetadataCopy taken,
        CancellationToken cancellationToken
    )
    {
        var copy = await db.MetadataCopies.SingleOrDefaultAsync(
            c => c.ApplicationId == taken.ApplicationId,
            cancellationToken
        );
        if (copy is null)
        {
            db.MetadataCopies.Add(taken);
            return;
        }
        (copy.Content, copy.EntityId, copy.Url, copy.TakenAt) = (
            taken.Content,
            taken.EntityId,
            taken.Url,
            taken.TakenAt
        );
    }

    private async Task TakeAsync(
        LatchkeyDbContext db,
        Application application,
        ShownProposal shown,
        IReadOnlyList<FieldDifference> taken,
        CancellationToken cancellationToken
    )
    {
        var proposal = shown.Proposal;
        await KeepAsync(
            db,
            new MetadataCopy
            {
                ApplicationId = application.Id,
                Content = proposal.Content,
                EntityId = proposal.EntityId,
                Url = proposal.Url,
                TakenAt = time.GetUtcNow(),
            },
            cancellationToken
        );
        // Whatever else was proposed for it was proposed to what it was before.
        db.MetadataProposals.RemoveRange(
            await db
                .MetadataProposals.Where(p => p.ApplicationId == application.Id)
                .ToListAsync(cancellationToken)
        );
        db.Events.Add(
            Event(EventTypes.MetadataApply, application, proposal, taken, shown.Differences)
        );
    }

    private Event Event(
        string type,
        Application application,
        MetadataProposal proposal,
        IReadOnlyList<FieldDifference> taken,
        IReadOnlyList<FieldDifference> all
    ) =>
        events.New(
            type,
            success: true,
            subject: new EventSubject("application", application.Id, application.Label),
            details: new
            {
                url = proposal.Url,
                entity_id = proposal.EntityId,
                taken = taken.Select(d => d.Name),
                left = all.Except(taken).Select(d => d.Name),
                lowers = taken.SelectMany(d => d.Lowers).Select(l => $"{l.Code} {l.What}".Trim()),
            },
            applicationId: application.Id
        );
}
