using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>Makes the guide of an application.</summary>
internal sealed class ApplicationGuides(
    CertificateQueries queries,
    ConnectorCatalogue catalogue,
    ServerOptions server
)
{
    public async Task<ApplicationGuide> OfAsync(
        Application application,
        CancellationToken cancellationToken
    )
    {
        var set = (await queries.FindAsync(application.Id, cancellationToken))?.Set;
        return Of(application, set, set?.Active, set?.Next);
    }

    private ApplicationGuide Of(
        Application application,
        CertificateSet? set,
        ApplicationCertificate? certificate,
        ApplicationCertificate? next
    ) =>
        new(
            application,
            catalogue.Find(application.Connector),
            certificate is null ? null : ShownCertificate.Of(certificate, set!.Now),
            server
        )
        {
            Next = next is null ? null : Of(application, set, next, null),
        };
}
