using System.Globalization;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Tells of certificates that end, 60, 30, 7 days and one day before (J-41): an event, a mail to every administrator, and one
/// to the application's technical contact. The certificate itself remembers what was told of it, so that over all nodes each
/// distance is told once. Where a switch is planned for before the end there is nothing to tell.
/// </summary>
internal sealed class CertificateNotices(
    IDbContextFactory<LatchkeyDbContext> databases,
    EndingCertificates certificates,
    MailQueue mails,
    EventRecorder events,
    ServerOptions server
)
{
    /// <summary>Tells what is due.</summary>
    /// <returns>Of how many certificates this node told.</returns>
    public async Task<int> TellAsync(CancellationToken cancellationToken = default)
    {
        var told = 0;
        foreach (var ending in await certificates.ReadAsync(cancellationToken))
        {
            var distance = EndingCertificates.Distances.Last(d =>
                ending.Left <= TimeSpan.FromDays(d)
            );
            if (ending.Certificate.ToldDays is not { } before || before > distance)
            {
                told += await TellAsync(ending, distance, cancellationToken) ? 1 : 0;
            }
        }
        return told;
    }

    private async Task<bool> TellAsync(
        EndingCertificate ending,
        int distance,
        CancellationToken cancellationToken
    )
    {
        var (application, certificate) = (ending.Application, ending.Certificate);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of several nodes one finds the row as it was; the others wait for its transaction and find nothing to do.
        var mine = await db
            .ApplicationCertificates.Where(c =>
                c.Id == certificate.Id && (c.ToldDays == null || c.ToldDays > distance)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.ToldDays, distance),
                cancellationToken
            );
        if (mine == 0)
        {
            return false;
        }
        db.Events.Add(
            CertificateEvents.Of(
                events,
                EventTypes.CertificateEnding,
                application,
                new
                {
                    sha256 = CertificateText.Sha256(certificate.Certificate),
                    not_after = certificate.NotAfter,
                    days = distance,
                }
            )
        );
        await MailAsync(db, ending, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task MailAsync(
        LatchkeyDbContext db,
        EndingCertificate ending,
        CancellationToken cancellationToken
    )
    {
        var application = ending.Application;
        var values = new Dictionary<string, MailValue>(StringComparer.Ordinal)
        {
            ["application"] = application.Label,
            ["ends"] = ending.Certificate.NotAfter,
            ["days"] = Math.Max(0, ending.DaysLeft).ToString(CultureInfo.InvariantCulture),
            [MailTemplate.Link] = server.Address(
                $"/admin/applications/{application.Id}/certificates"
            ),
        };
        var administrators = await db
            .Users.AsNoTracking()
            .Where(u =>
                (u.Role == Role.Administrator || u.Role == Role.Owner)
                && u.State == UserState.Activated
            )
            .OrderBy(u => u.Id)
            .ToListAsync(cancellationToken);
        foreach (var administrator in administrators)
        {
            if (administrator.Email is not { } email || MailRecipients.Deliverable(email) is null)
            {
                continue;
            }
            await mails.EnqueueAsync(
                db,
                MailTemplates.CertificateEnding,
                new(email, administrator.Id, administrator.Language),
                new Dictionary<string, MailValue>(values, StringComparer.Ordinal)
                {
                    ["name"] = administrator.FirstName ?? administrator.Username,
                },
                ending.Certificate.NotAfter,
                cancellationToken
            );
        }
        if (application.TechnicalContact is { } contact)
        {
            await mails.EnqueueAsync(
                db,
                MailTemplates.CertificateEndingContact,
                new(contact, null, null),
                values,
                ending.Certificate.NotAfter,
                cancellationToken
            );
        }
    }
}
