using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;

namespace Latchkey.Server.Applications;

/// <summary>A service provider that users sign in to, with everything needed to answer it (J-01 to J-24).</summary>
internal sealed class Application
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The last part of its address <c>/saml2/{slug}</c>; unique, fixed after creation (J-04).</summary>
    public required string Slug { get; init; }

    /// <summary>The name users see (J-01).</summary>
    public required string Label { get; set; }

    /// <summary>Shown behind "details" on the tile (J-02).</summary>
    public string? Description { get; set; }

    /// <summary>Whether anybody can sign in to it.</summary>
    public bool Active { get; set; }

    /// <summary>Our entity ID towards this application; unique (J-08).</summary>
    public required string IdpEntityId { get; set; }

    /// <summary>The application's entity ID, compared exactly; several applications may share one (J-09, K-03).</summary>
    public required string SpEntityId { get; set; }

    /// <summary>Where Responses may go (J-10); at least one.</summary>
    public IReadOnlyList<IndexedEndpoint> AcsEndpoints { get; set; } = [];

    /// <summary>Where logout messages may go.</summary>
    public IReadOnlyList<Saml.Metadata.Endpoint> SloEndpoints { get; set; } = [];

    /// <summary>Certificates (DER, base64) that verify the application's requests (J-11).</summary>
    public IReadOnlyList<string> SpSigningCertificates { get; set; } = [];

    /// <summary>Certificates (DER, base64) to encrypt to; kept from metadata.</summary>
    public IReadOnlyList<string> SpEncryptionCertificates { get; set; } = [];

    /// <summary>Whether an unsigned AuthnRequest is refused (rule I2).</summary>
    public bool RequireSignedRequests { get; set; }

    /// <summary>Where the NameID's value comes from (J-12): an attribute source such as <c>email</c>, <c>username</c>, <c>id</c> or <c>custom:name</c>.</summary>
    public string NameIdSource { get; set; } = "email";

    /// <summary>The NameID's format, a URN (J-13).</summary>
    public string NameIdFormat { get; set; } = Saml.Protocol.NameIdFormats.EmailAddress;

    /// <summary>Which parts are signed (J-15).</summary>
    public SignedParts Sign { get; set; } = SignedParts.AssertionAndResponse;

    /// <summary>How they are signed (J-14).</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; set; } = SignatureAlgorithm.RsaSha256;

    /// <summary>The attributes sent, in order (J-21 to J-23).</summary>
    public IReadOnlyList<AttributeMapping> Attributes { get; set; } = [];

    /// <summary>Sent as RelayState by an IdP-initiated sign-in (J-16).</summary>
    public string? DefaultRelayState { get; set; }

    /// <summary>If set, the tile opens this address and the application starts the sign-in itself (J-17).</summary>
    public string? LoginUrl { get; set; }

    /// <summary>Whether the metadata offers HTTP-Redirect beside HTTP-POST (J-18).</summary>
    public bool DeclareRedirectEndpoint { get; set; } = true;

    /// <summary>A logo from the metadata, a data: URI or null for a coloured letter.</summary>
    public string? Logo { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts changes: what is cached in memory about an application is keyed by it.</summary>
    public long Version { get; set; } = 1;
}

/// <summary>One attribute to send.</summary>
/// <param name="Name">The service provider's name for it.</param>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Value">For <see cref="AttributeKind.User"/> a source such as <c>email</c> or <c>custom:name</c>; for <see cref="AttributeKind.Constant"/> the value; unused for groups.</param>
/// <param name="NameFormat">NameFormat URI, or null for unspecified.</param>
internal sealed record AttributeMapping(
    string Name,
    AttributeKind Kind,
    string? Value = null,
    string? NameFormat = null
);

internal enum AttributeKind
{
    User,
    Constant,

    /// <summary>The names of those of the user's groups that are bound to the application (J-23).</summary>
    Groups,
}

/// <summary>A group whose members may sign in to an application.</summary>
internal sealed class ApplicationGroup
{
    public required Guid ApplicationId { get; init; }
    public required Guid GroupId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>A pairwise pseudonym of a user at one service provider: random, never reused (rule I5).</summary>
internal sealed class PersistentNameId
{
    public required Guid UserId { get; init; }
    public required string SpEntityId { get; init; }
    public required string Value { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
