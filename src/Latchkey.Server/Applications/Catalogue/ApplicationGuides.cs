using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>Makes the guide of an application.</summary>
internal sealed class ApplicationGuides(
    ApplicationQueries queries,
    ConnectorCatalogue catalogue,
    ServerOptions server,
    TimeProvider time
)
{
    public async Task<ApplicationGuide> OfAsync(
        Application application,
        CancellationToken cancellationToken
    )
    {
        var certificate = await queries.ActiveCertificateAsync(application.Id, cancellationToken);
        return new ApplicationGuide(
            application,
            catalogue.Find(application.Connector),
            certificate is null ? null : ShownCertificate.Of(certificate, time.GetUtcNow()),
            server
        );
    }
}
