using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>What we say about ourselves to one application: metadata under an entity ID of its own.</summary>
internal static class IdpMetadata
{
    public const string ContentType = "application/samlmetadata+xml";

    public static string Address(ServerOptions server, string slug) =>
        server.Address($"/saml2/{slug}/metadata");

    public static string SignOnAddress(ServerOptions server, string slug) =>
        server.Address($"/saml2/{slug}");

    public static string FileName(string slug) => $"latchkey-{slug}-metadata.xml";

    public static EntityDescriptor Describe(
        Application application,
        IEnumerable<ApplicationCertificate> certificates,
        ServerOptions server
    )
    {
        var address = SignOnAddress(server, application.Slug);
        // The first one is what a service provider takes that takes only one; a redirect needs no script to get here.
        Saml.Metadata.Endpoint[] services = application.DeclareRedirectEndpoint
            ? [new(SamlBindings.Redirect, address), new(SamlBindings.Post, address)]
            : [new(SamlBindings.Post, address)];
        return new EntityDescriptor
        {
            EntityId = application.IdpEntityId,
            IdentityProvider = new IdentityProviderRole
            {
                // samlify starts no sign-in unless this is what it does itself.
                WantAuthnRequestsSigned = application.RequireSignedRequests,
                SigningCertificates =
                [
                    .. certificates.Select(c => new ReadOnlyMemory<byte>(c.Certificate)),
                ],
                NameIdFormats = [application.NameIdFormat],
                SingleSignOnServices = services,
                // ruby-saml signs its LogoutRequest only where a redirect stands first.
                SingleLogoutServices =
                [
                    new(SamlBindings.Redirect, $"{address}/logout"),
                    new(SamlBindings.Post, $"{address}/logout"),
                    new(SamlBindings.Soap, $"{address}/logout"),
                ],
            },
        };
    }

    /// <summary><c>GET /saml2/{app}/metadata</c>; with <c>?download=1</c> as a file.</summary>
    public static async Task<IResult> AnswerAsync(
        string app,
        HttpContext http,
        IDbContextFactory<LatchkeyDbContext> databases,
        ServerOptions server,
        MetadataReadings readings,
        TimeProvider time
    )
    {
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var application = await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Slug == app, http.RequestAborted);
        if (application is null)
        {
            return Results.NotFound();
        }
        var stored = await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.ApplicationId == application.Id)
            .ToListAsync(http.RequestAborted);
        var certificates = CertificateSet.Of(stored, time.GetUtcNow());
        // Without a key there is nothing that a service provider could use; it appears with the activation.
        if (certificates.Active is null)
        {
            return Results.NotFound();
        }
        readings.Note(http, application, certificates);
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(
            MetadataWriter.Write(Describe(application, certificates.Published, server)),
            ContentType,
            http.Request.Query["download"] == "1" ? FileName(application.Slug) : null
        );
    }
}
