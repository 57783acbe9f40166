using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Handover;

/// <param name="Address">Shown once; only its hash is stored.</param>
internal sealed record NewHandoverLink(HandoverLink Link, string Address);

/// <summary>Makes, finds and revokes the links to hand-over pages.</summary>
internal sealed class HandoverLinks(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    ServerOptions server,
    TimeProvider time
)
{
    private const int TokenBytes = 32;

    /// <summary>For how many days a link can be made.</summary>
    public static IReadOnlyList<int> Days { get; } = [7, 30];

    public async Task<Outcome<NewHandoverLink>> CreateAsync(
        Application application,
        int days,
        CancellationToken cancellationToken = default
    )
    {
        if (!Days.Contains(days))
        {
            return new Problem("handover-days", "days", string.Join(", ", Days));
        }
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = time.GetUtcNow();
        var link = new HandoverLink
        {
            ApplicationId = application.Id,
            TokenHash = Hash(token),
            CreatedAt = now,
            ExpiresAt = now.AddDays(days),
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.HandoverLinks.Add(link);
        Record(db, EventTypes.HandoverLinkCreate, application, link);
        await db.SaveChangesAsync(cancellationToken);
        return new NewHandoverLink(link, server.Address($"/hand-over/{token}"));
    }

    /// <summary>Those that still open, the newest first.</summary>
    public async Task<IReadOnlyList<HandoverLink>> ListAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .HandoverLinks.AsNoTracking()
            .Where(l => l.ApplicationId == applicationId && l.ExpiresAt > now)
            .OrderByDescending(l => l.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a link at once; the ones that have expired go with it.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RevokeAsync(
        Application application,
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var links = await db
            .HandoverLinks.Where(l =>
                l.ApplicationId == application.Id && (l.Id == id || l.ExpiresAt <= now)
            )
            .ToListAsync(cancellationToken);
        db.HandoverLinks.RemoveRange(links);
        var link = links.Find(l => l.Id == id);
        if (link is not null)
        {
            Record(db, EventTypes.HandoverLinkDelete, application, link);
        }
        await db.SaveChangesAsync(cancellationToken);
        return link is not null;
    }

    /// <summary>The application whose page a token opens; null for one that is unknown, expired or revoked, which are not told apart.</summary>
    public async Task<(Application Application, HandoverLink Link)?> FindAsync(
        string token,
        CancellationToken cancellationToken = default
    )
    {
        var (hash, now) = (Hash(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db
            .HandoverLinks.AsNoTracking()
            .Where(l => l.TokenHash == hash && l.ExpiresAt > now)
            .Join(
                db.Applications.AsNoTracking(),
                l => l.ApplicationId,
                a => a.Id,
                (l, a) => new { Link = l, Application = a }
            )
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Application, found.Link);
    }

    private void Record(
        LatchkeyDbContext db,
        string type,
        Application application,
        HandoverLink link
    ) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                subject: new EventSubject("application", application.Id, application.Label),
                details: new { link_id = link.Id, expires_at = link.ExpiresAt },
                applicationId: application.Id
            )
        );

    // 256 random bits need no slow hash.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
