using Latchkey.Server.Applications;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>Applications in use whose signing certificate ends before long, with no switch planned before that.</summary>
internal sealed class EndingCertificates(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>Days before the end at which somebody is told, the furthest first.</summary>
    public static IReadOnlyList<int> Distances { get; } = [60, 30, 7, 1];

    /// <summary>Those within the furthest distance, the next to end first.</summary>
    public async Task<IReadOnlyList<EndingCertificate>> ReadAsync(
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        var until = now.AddDays(Distances[0]);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var before = db
            .ApplicationCertificates.Where(c => c.NotAfter <= until && c.SignsFrom != null)
            .Select(c => c.ApplicationId);
        var applications = await db
            .Applications.AsNoTracking()
            .Where(a => a.Active && before.Contains(a.Id))
            .ToListAsync(cancellationToken);
        var ids = applications.ConvertAll(a => a.Id);
        var certificates = (
            await db
                .ApplicationCertificates.AsNoTracking()
                .Where(c => ids.Contains(c.ApplicationId))
                .ToListAsync(cancellationToken)
        ).ToLookup(c => c.ApplicationId);
        return
        [
            .. applications
                .Select(a => (Application: a, Set: CertificateSet.Of([.. certificates[a.Id]], now)))
                .Where(x =>
                    x.Set.Active is { } active
                    && active.NotAfter <= until
                    && !(x.Set.SwitchAt < active.NotAfter)
                )
                .Select(x => new EndingCertificate(x.Application, x.Set.Active!, now))
                .OrderBy(e => e.Certificate.NotAfter),
        ];
    }
}

/// <summary>A certificate that signs and ends before long.</summary>
internal sealed record EndingCertificate(
    Application Application,
    ApplicationCertificate Certificate,
    DateTimeOffset Now
)
{
    public TimeSpan Left => Certificate.NotAfter - Now;

    /// <summary>Whole days; negative once it has ended.</summary>
    public int DaysLeft => (int)Math.Floor(Left.TotalDays);
}
