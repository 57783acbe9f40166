using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications;

/// <summary>
/// What somebody wants an application to be, whether typed into the form, sent to the API or read from a file.
/// A null is "not said": it takes the default when creating and leaves the value alone when updating (J-27).
/// An empty text clears an optional field.
/// </summary>
internal sealed record ApplicationInput
{
    /// <summary>Made from the label when not said; cannot be changed later.</summary>
    public string? Slug { get; init; }

    public string? Label { get; init; }
    public string? Description { get; init; }

    /// <summary>Made from the public address and the slug when not said.</summary>
    public string? IdpEntityId { get; init; }

    public string? SpEntityId { get; init; }
    public IReadOnlyList<IndexedEndpoint>? AcsEndpoints { get; init; }
    public IReadOnlyList<Saml.Metadata.Endpoint>? SloEndpoints { get; init; }

    /// <summary>Each PEM, base64 of DER, or base64 of PEM (K-07); one text may hold several PEM blocks.</summary>
    public IReadOnlyList<string>? SpSigningCertificates { get; init; }

    /// <summary>As <see cref="SpSigningCertificates"/>.</summary>
    public IReadOnlyList<string>? SpEncryptionCertificates { get; init; }

    public bool? RequireSignedRequests { get; init; }
    public string? NameIdSource { get; init; }

    /// <summary>A URI; short names are resolved by <see cref="NameIdFormatNames"/>.</summary>
    public string? NameIdFormat { get; init; }

    public SignedParts? Sign { get; init; }
    public SignatureAlgorithm? SignatureAlgorithm { get; init; }
    public IReadOnlyList<AttributeMapping>? Attributes { get; init; }
    public string? DefaultRelayState { get; init; }
    public string? LoginUrl { get; init; }
    public bool? DeclareRedirectEndpoint { get; init; }

    /// <summary>A data: URI of a picture; empty for none.</summary>
    public string? Logo { get; init; }

    /// <summary>The groups whose members may sign in; the whole set.</summary>
    public IReadOnlyCollection<Guid>? GroupIds { get; init; }

    /// <summary>True makes a signing certificate where there is none yet.</summary>
    public bool? Active { get; init; }

    /// <summary>Assertion consumer services from plain addresses: HTTP-POST, the first one the default.</summary>
    public static IReadOnlyList<IndexedEndpoint> AcsFrom(IEnumerable<string> urls) =>
        [
            .. urls.Select(
                (url, index) =>
                    new IndexedEndpoint(SamlBindings.Post, url, index, index == 0 ? true : null)
            ),
        ];
}
