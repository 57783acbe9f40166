using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;

namespace Latchkey.Cli.Saml;

/// <summary>The identity provider that a metadata file describes.</summary>
internal static class IdentityProviderFile
{
    /// <summary>Reads the file and takes its identity provider: the only one, or the one that is named.</summary>
    /// <exception cref="UnusableException">There is none, or a choice.</exception>
    public static async Task<EntityDescriptor> ReadAsync(
        string path,
        string? entityId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var octets = await Input.ReadAsync(
            path,
            cancellationToken,
            MetadataReader.DefaultLimits.XmlBytes + 1
        );
        var verdict = MetadataReader.Read(octets, now);
        if (!verdict.Accepted)
        {
            var reason = verdict.Findings.First(f => f.Kind.Severity == Severity.Refusal);
            throw new UnusableException(
                TerminalText.Show($"The metadata in {path} cannot be used. {reason}")
            );
        }
        var providers = verdict
            .Value.Entities.Where(entity => entity.IdentityProvider is not null)
            .Where(entity => entityId is null || entity.EntityId == entityId)
            .ToList();
        return providers.Count switch
        {
            1 => providers[0],
            0 => throw new UnusableException(
                TerminalText.Show(
                    entityId is null
                        ? $"The metadata in {path} describes no identity provider."
                        : $"The metadata in {path} describes no identity provider {entityId}."
                )
            ),
            _ => throw new UnusableException(
                TerminalText.Show(
                    $"The metadata in {path} describes {providers.Count} identity providers; choose one with --idp-entity-id, for example {providers[0].EntityId}."
                )
            ),
        };
    }

    /// <summary>All signing keys of the role (rule S4).</summary>
    public static IReadOnlyList<VerificationKey> KeysOf(EntityDescriptor entity) =>
        [
            .. entity.IdentityProvider!.SigningCertificates.Select(der =>
                VerificationKey.FromCertificate(der.Span)
            ),
        ];
}
