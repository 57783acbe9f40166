using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Puts on record that a switch which was planned has happened. It happens by its time alone (see <see cref="CertificateSet"/>);
/// the event comes from whichever node looks first, once.
/// </summary>
internal sealed class PlannedSwitches(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Tells of those whose time has come.</summary>
    /// <returns>Of how many this node told.</returns>
    public async Task<int> TellAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await using var look = await databases.CreateDbContextAsync(cancellationToken);
        var due = await look
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.SwitchPlanned && c.SignsFrom <= now)
            .OrderBy(c => c.SignsFrom)
            .ToListAsync(cancellationToken);
        var told = 0;
        foreach (var certificate in due)
        {
            told += await TellAsync(certificate, cancellationToken) ? 1 : 0;
        }
        return told;
    }

    private async Task<bool> TellAsync(
        ApplicationCertificate certificate,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of several nodes one finds the row as it was; the others wait for its transaction and find nothing to do.
        var mine = await db
            .ApplicationCertificates.Where(c =>
                c.Id == certificate.Id && c.SwitchPlanned && c.SignsFrom == certificate.SignsFrom
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.SwitchPlanned, false),
                cancellationToken
            );
        if (mine == 0)
        {
            return false;
        }
        var application = await db
            .Applications.AsNoTracking()
            .SingleAsync(a => a.Id == certificate.ApplicationId, cancellationToken);
        var before = await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c =>
                c.ApplicationId == application.Id
                && c.Id != certificate.Id
                && c.SignsFrom <= certificate.SignsFrom
            )
            .OrderByDescending(c => c.SignsFrom)
            .FirstOrDefaultAsync(cancellationToken);
        db.Events.Add(
            CertificateEvents.Switched(
                events,
                EventTypes.CertificateSwitch,
                application,
                before,
                certificate,
                certificate.SignsFrom
            )
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
