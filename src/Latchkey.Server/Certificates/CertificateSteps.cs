using Latchkey.Server.Applications;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Takes one step of a rotation as one write under the application's version: of two administrators who press at once, on
/// whichever nodes, one does it and the other is told what is there now.
/// </summary>
internal sealed class CertificateSteps(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>How often somebody else may be faster with any change of the application before this gives up.</summary>
    private const int Attempts = 4;

    private readonly VersionedRows<Application> _rows = new(
        "application-missing",
        "application-changed",
        databases,
        time
    );

    /// <param name="applicationId">Whose.</param>
    /// <param name="change">Changes the set as it is now, and says why not where it cannot; run again when somebody else was faster.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<CertificateSet>> TakeAsync(
        Guid applicationId,
        Func<LatchkeyDbContext, Application, CertificateSet, Problem?> change,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var found = await _rows.FindAsync(db, applicationId, null, cancellationToken);
            if (found.Value is not { } application)
            {
                return Outcome<CertificateSet>.Failed(found.Problems);
            }
            var all = await db
                .ApplicationCertificates.Where(c => c.ApplicationId == applicationId)
                .ToListAsync(cancellationToken);
            var now = time.GetUtcNow();
            if (change(db, application, CertificateSet.Of(all, now)) is { } problem)
            {
                return problem;
            }
            var saved = await _rows.SaveAsync(
                db,
                application,
                (_, _) => Task.FromResult<List<Problem>>([]),
                cancellationToken
            );
            if (saved.Ok)
            {
                return CertificateSet.Of([.. db.ApplicationCertificates.Local], now);
            }
            if (attempt == Attempts)
            {
                return Outcome<CertificateSet>.Failed(saved.Problems);
            }
        }
    }
}
