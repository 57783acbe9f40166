using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Metadata;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications.Differences;

/// <summary>One thing that metadata says about an application.</summary>
/// <param name="Name">The field's name in the API and in events.</param>
/// <param name="Text">Its value, to be read and to be compared; null for none.</param>
/// <param name="Put">Says it.</param>
/// <param name="Lowers">How the second would lower the security of the first; the flag is whether a pinned key vouches for it.</param>
/// <param name="IsAdvice">Whether it is the service provider's wish only, and the administrator's to decide once the application exists.</param>
internal sealed record MetadataField(
    string Name,
    Func<Application, string?> Text,
    Func<ApplicationInput, Application, ApplicationInput> Put,
    Func<Application, Application, bool, IEnumerable<Lowering>>? Lowers = null,
    bool IsAdvice = false
)
{
    public static IReadOnlyList<MetadataField> All { get; } =
    [
        new(
            "sp_entity_id",
            a => a.SpEntityId,
            (input, said) => input with { SpEntityId = said.SpEntityId },
            (now, then, _) => Lowerings.OfEntityId(now, then)
        ),
        new(
            "acs_urls",
            a => Lines(Consumers(a)),
            (input, said) => input with { AcsEndpoints = said.AcsEndpoints },
            (now, then, _) => Lowerings.OfAcs(now, then)
        ),
        new(
            "slo_urls",
            a => Lines(a.SloEndpoints.Select(Logout)),
            (input, said) => input with { SloEndpoints = said.SloEndpoints },
            (now, then, _) => Lowerings.OfSlo(now, then)
        ),
        new(
            "sp_signing_certificates",
            // In whatever order: each of them verifies.
            a => Lines(a.SpSigningCertificates.Select(Certificate).Order(StringComparer.Ordinal)),
            (input, said) => input with { SpSigningCertificates = said.SpSigningCertificates },
            Lowerings.OfSigning
        ),
        new(
            "sp_encryption_certificates",
            a => Lines(a.SpEncryptionCertificates.Select(Certificate)),
            (input, said) =>
                input with
                {
                    SpEncryptionCertificates = said.SpEncryptionCertificates,
                    // With nothing to encrypt to, nothing could be sent.
                    EncryptAssertions = said.SpEncryptionCertificates.Count == 0 ? false : null,
                },
            Lowerings.OfEncryption
        ),
        new(
            "require_signed_requests",
            a => Flag(a.RequireSignedRequests),
            (input, said) => input with { RequireSignedRequests = said.RequireSignedRequests },
            (now, then, _) => Lowerings.OfSignedRequests(now, then)
        ),
        new(
            "want_assertions_signed",
            a => Flag(a.WantAssertionsSigned),
            (input, said) => input with { WantAssertionsSigned = said.WantAssertionsSigned },
            (now, then, _) => Lowerings.OfSignedAssertions(now, then)
        ),
        new(
            "required_attributes",
            a => Lines(a.RequiredAttributes),
            (input, said) => input with { RequiredAttributes = said.RequiredAttributes }
        ),
        new(
            "encrypt_assertions",
            a => Flag(a.EncryptAssertions),
            (input, said) => input with { EncryptAssertions = said.EncryptAssertions },
            IsAdvice: true
        ),
        new(
            "label",
            a => a.Label,
            (input, said) => input with { Label = said.Label },
            IsAdvice: true
        ),
        new(
            "description",
            a => a.Description,
            (input, said) => input with { Description = said.Description },
            IsAdvice: true
        ),
        new("logo", a => a.Logo, (input, said) => input with { Logo = said.Logo }, IsAdvice: true),
        new(
            "name_id.format",
            a => a.NameIdFormat,
            (input, said) => input with { NameIdFormat = said.NameIdFormat },
            IsAdvice: true
        ),
        new(
            "attributes",
            a => Lines(a.Attributes.Select(row => row.Name)),
            (input, said) => input with { Attributes = said.Attributes },
            IsAdvice: true
        ),
    ];

    private static string? Lines(IEnumerable<string> parts)
    {
        var text = string.Join('\n', parts);
        return text.Length == 0 ? null : text;
    }

    private static string Flag(bool flag) => flag ? "true" : "false";

    /// <summary>By index, and which one counts when nobody asks for another, however that is written (saml-metadata-2.0 §2.2.3).</summary>
    private static IEnumerable<string> Consumers(Application application)
    {
        var all = application.AcsEndpoints;
        var standard =
            all.FirstOrDefault(e => e.IsDefault == true)
            ?? all.FirstOrDefault(e => e.IsDefault is null)
            ?? all.FirstOrDefault();
        return all.OrderBy(e => e.Index)
            .Select(e =>
                all.Count == 1 ? e.Location
                : e == standard ? $"[{e.Index}, default] {e.Location}"
                : $"[{e.Index}] {e.Location}"
            );
    }

    private static string Logout(Saml.Metadata.Endpoint endpoint)
    {
        var binding = endpoint.Binding[(endpoint.Binding.LastIndexOf(':') + 1)..];
        return endpoint.ResponseLocation is { } other
            ? $"{binding} {endpoint.Location}, {other}"
            : $"{binding} {endpoint.Location}";
    }

    private static string Certificate(string base64)
    {
        var der = Convert.FromBase64String(base64);
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var end = certificate.NotAfter.ToUniversalTime();
        return $"{name}, until {end:yyyy-MM-dd}, SHA-256 {CertificateText.Sha256(der)}";
    }
}
