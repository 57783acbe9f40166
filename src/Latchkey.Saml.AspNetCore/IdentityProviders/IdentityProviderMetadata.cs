using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>An identity provider read from metadata, and how long the metadata may be used.</summary>
internal sealed record IdentityProviderMetadata(
    Saml2IdentityProvider Provider,
    DateTimeOffset? ValidUntil,
    TimeSpan? CacheDuration
)
{
    /// <summary>Chooses the identity provider in a metadata file and imports its keys.</summary>
    /// <exception cref="Saml2MetadataException">The file cannot be used; the message says why.</exception>
    public static IdentityProviderMetadata Read(
        ReadOnlyMemory<byte> xml,
        string? expectedEntityId,
        DateTimeOffset now
    )
    {
        var verdict = MetadataReader.Read(xml, now);
        if (!verdict.Accepted)
        {
            var refusals = verdict.Findings.Where(f => f.Kind.Severity == Severity.Refusal);
            throw new Saml2MetadataException(
                "The identity provider's metadata cannot be read. " + string.Join(' ', refusals)
            );
        }

        var entity = Choose(verdict.Value, expectedEntityId);
        var role = entity.IdentityProvider!;
        var redirect = role.SingleSignOnServices.FirstOrDefault(e =>
            e.Binding == SamlBindings.Redirect
        );
        if (redirect is null)
        {
            throw new Saml2MetadataException(
                $"The identity provider '{entity.EntityId}' declares no SingleSignOnService by HTTP-Redirect in its metadata."
            );
        }

        var logout = role.SingleLogoutServices.FirstOrDefault(e =>
            e.Binding == SamlBindings.Redirect
        );
        return new(
            new Saml2IdentityProvider
            {
                EntityId = entity.EntityId,
                SingleSignOnUrl = redirect.Location,
                SingleLogoutUrl = logout?.Location,
                SingleLogoutResponseUrl = logout?.ResponseLocation,
                Keys = Import(role.SigningCertificates, entity.EntityId),
                WantAuthnRequestsSigned = role.WantAuthnRequestsSigned,
            },
            entity.ValidUntil,
            entity.CacheDuration
        );
    }

    private static EntityDescriptor Choose(MetadataDocument document, string? expectedEntityId)
    {
        var found = document
            .Entities.Where(e => e.IdentityProvider is not null)
            .Where(e => expectedEntityId is null || e.EntityId == expectedEntityId)
            .ToList();
        return found.Count switch
        {
            1 => found[0],
            0 when expectedEntityId is null => throw new Saml2MetadataException(
                "The metadata holds no identity provider (no IDPSSODescriptor)."
            ),
            0 => throw new Saml2MetadataException(
                $"The metadata holds no identity provider with the entity ID '{expectedEntityId}' that IdpEntityId asks for; it holds: {Names(document)}."
            ),
            _ => throw new Saml2MetadataException(
                $"The metadata holds {found.Count} identity providers; say which with IdpEntityId: {Names(document)}."
            ),
        };
    }

    private static string Names(MetadataDocument document) =>
        string.Join(", ", document.Entities.Take(5).Select(e => $"'{e.EntityId}'"));

    // A key that cannot be used does not spoil the others; having none at all does.
    private static List<VerificationKey> Import(
        IReadOnlyList<ReadOnlyMemory<byte>> certificates,
        string entityId
    )
    {
        var keys = new List<VerificationKey>(certificates.Count);
        CryptographicException? failure = null;
        foreach (var certificate in certificates)
        {
            try
            {
                keys.Add(VerificationKey.FromCertificate(certificate.Span));
            }
            catch (CryptographicException e)
            {
                failure = e;
            }
        }

        return keys.Count > 0
            ? keys
            : throw new Saml2MetadataException(
                $"The metadata of '{entityId}' holds no usable signing certificate.",
                failure
            );
    }
}
