using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>Opens an application for those who were granted it. The first time its key pair is made, of the kind that its signature algorithm needs (J-37).</summary>
internal sealed class ApplicationActivation(CertificateService certificates, EventRecorder events)
{
    /// <summary>The caller saves.</summary>
    public async Task RunAsync(
        LatchkeyDbContext db,
        Application application,
        CancellationToken cancellationToken
    )
    {
        application.Active = true;
        if (application.Kind == ApplicationKind.Bookmark)
        {
            // It signs nothing.
            return;
        }
        var signs = await db.ApplicationCertificates.AnyAsync(
            c => c.ApplicationId == application.Id && c.SignsFrom != null,
            cancellationToken
        );
        if (signs)
        {
            return;
        }
        var certificate = certificates.Create(
            application,
            KeyChoice.For(application.SignatureAlgorithm)
        );
        certificate.SignsFrom = certificate.CreatedAt;
        db.ApplicationCertificates.Add(certificate);
        db.Events.Add(CertificateEvents.Created(events, application, certificate));
    }
}
