using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;

namespace Latchkey.Server.Applications;

/// <summary>A service provider that users sign in to, with everything needed to answer it (J-01 to J-24).</summary>
internal sealed class Application : IVersioned, ISearched
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Whether users sign in to it, or it only opens an address (J-53).</summary>
    public ApplicationKind Kind { get; init; }

    /// <summary>The last part of its address <c>/saml2/{slug}</c>; unique, fixed after creation (J-04).</summary>
    public required string Slug { get; init; }

    /// <summary>The name users see (J-01).</summary>
    public required string Label { get; set; }

    /// <summary>Shown behind "details" on the tile (J-02).</summary>
    public string? Description { get; set; }

    /// <summary>The colour behind its letter where it has no logo, a word of <see cref="ApplicationColors"/>; null for one made from its slug (J-03).</summary>
    public string? Color { get; set; }

    /// <summary>What it is for, in the administrator's words; the portal's tiles can be narrowed by it.</summary>
    public IReadOnlyList<string> Categories { get; set; } = [];

    /// <summary>The address of whoever looks after the other side: is told before the signing certificate ends; null for nobody.</summary>
    public string? TechnicalContact { get; set; }

    /// <summary>Whether its tile is left out of the portal; who knows the address may still sign in (J-05, J-55).</summary>
    public bool Hidden { get; set; }

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

    /// <summary>Certificates (DER, base64) to encrypt to; the first that can be used is.</summary>
    public IReadOnlyList<string> SpEncryptionCertificates { get; set; } = [];

    /// <summary>Whether assertions are encrypted; without a usable certificate nothing is sent then.</summary>
    public bool EncryptAssertions { get; set; }

    /// <summary>The cipher for the assertion.</summary>
    public ContentEncryption ContentEncryption { get; set; } = ContentEncryption.Aes256Gcm;

    /// <summary>How the cipher's key travels.</summary>
    public KeyEncryption KeyEncryption { get; set; } = KeyEncryption.RsaOaepMgf1p;

    /// <summary>Whether the service provider's metadata or connector demands a signed assertion.</summary>
    public bool WantAssertionsSigned { get; set; }

    /// <summary>Attributes that the service provider's metadata or connector marks as required, by name.</summary>
    public IReadOnlyList<string> RequiredAttributes { get; set; } = [];

    /// <summary>Whether an unsigned AuthnRequest is refused (rule I2).</summary>
    public bool RequireSignedRequests { get; set; }

    /// <summary>Where the NameID's value comes from (J-12): an attribute source such as <c>email</c>, <c>username</c>, <c>id</c> or <c>custom:name</c>, or <c>expression:</c> and an expression.</summary>
    public string NameIdSource { get; set; } = "email";

    /// <summary>The NameID's format, a URN (J-13).</summary>
    public string NameIdFormat { get; set; } = Saml.Protocol.NameIdFormats.EmailAddress;

    /// <summary>Which parts are signed (J-15).</summary>
    public SignedParts Sign { get; set; } = SignedParts.AssertionAndResponse;

    /// <summary>How they are signed (J-14).</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; set; } = SignatureAlgorithm.RsaSha256;

    /// <summary>The attributes sent, in order (J-21 to J-23).</summary>
    public IReadOnlyList<AttributeMapping> Attributes { get; set; } = [];

    /// <summary>How far the service provider's clock may be from ours: its requests may be that much early or late, and assertions count from that much before now. Seconds.</summary>
    public int ClockSkewSeconds { get; set; } = 180;

    /// <summary>How long an assertion can be used to sign in, in seconds.</summary>
    public int AssertionLifetimeSeconds { get; set; } = 300;

    /// <summary>SessionNotOnOrAfter in minutes after the sign-in; 0 for the end of the session here; null to send none.</summary>
    public int? SessionLifetimeMinutes { get; set; }

    /// <summary>Which AuthnContextClassRef a sign-in is called by (J-25).</summary>
    public AuthnContextSettings AuthnContext { get; set; } = new();

    /// <summary>Whether failures are answered to the service provider instead of shown on a page of ours (J-24).</summary>
    public bool AnswerFailures { get; set; }

    /// <summary>Sent as RelayState by an IdP-initiated sign-in (J-16).</summary>
    public string? DefaultRelayState { get; set; }

    /// <summary>If set, the tile opens this address and the application starts the sign-in itself (J-17). A bookmark's address.</summary>
    public string? LoginUrl { get; set; }

    /// <summary>Whether the metadata offers HTTP-Redirect beside HTTP-POST (J-18).</summary>
    public bool DeclareRedirectEndpoint { get; set; } = true;

    /// <summary>A logo, a data: URI or null for a coloured letter.</summary>
    public string? Logo { get; set; }

    /// <summary>The slug of the connector it was made from; null for a custom application.</summary>
    public string? Connector { get; set; }

    /// <summary>What the connector asked for, by the names of its variables.</summary>
    public IReadOnlyDictionary<string, string> ConnectorVariables { get; set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts changes: what is cached in memory about an application is keyed by it.</summary>
    public long Version { get; set; } = 1;

    public string SearchText
    {
        get => Storage.Search.SearchText.Of(Label, Slug, SpEntityId);
        // Follows from the others.
        private set => _ = value;
    }
}

internal enum ApplicationKind
{
    /// <summary>A service provider.</summary>
    Saml,

    /// <summary>A tile that opens an address. It is granted and activated like any application, and nobody signs in to it by it (J-53, J-54).</summary>
    Bookmark,
}

/// <summary>One attribute to send.</summary>
/// <param name="Name">The service provider's name for it.</param>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Value">For <see cref="AttributeKind.User"/> a source such as <c>email</c> or <c>custom:name</c>; for <see cref="AttributeKind.Constant"/> the value; for <see cref="AttributeKind.Expression"/> its text; else unused.</param>
/// <param name="NameFormat">NameFormat URI, or null for unspecified.</param>
/// <param name="FriendlyName">A name for people beside <paramref name="Name"/>, or null.</param>
/// <param name="Groups">For <see cref="AttributeKind.Groups"/>: which of them and how; null sends the names of all that give access, one value each.</param>
internal sealed record AttributeMapping(
    string Name,
    AttributeKind Kind,
    string? Value = null,
    string? NameFormat = null,
    string? FriendlyName = null,
    GroupSelection? Groups = null
);

/// <summary>Which groups an attribute names, and how.</summary>
/// <param name="Pattern">Only groups of such a name, where <c>*</c> stands for anything: <c>aws-*</c>; null for all.</param>
/// <param name="Separator">Joins the values into one; null for one value each.</param>
/// <param name="Attribute">The attribute of each group that is sent, such as a pair of role and provider; null for its name. Groups without it are left out.</param>
internal sealed record GroupSelection(
    string? Pattern = null,
    string? Separator = null,
    string? Attribute = null
);

internal enum AttributeKind
{
    User,
    Constant,

    /// <summary>Those of the user's groups that are bound to the application (J-23).</summary>
    Groups,

    /// <summary>What an expression makes of the user.</summary>
    Expression,

    /// <summary>How the user signed in, by the names of RFC 8176: what an amr claim says (J-25, J-36).</summary>
    AuthnMethods,
}

/// <summary>Which AuthnContextClassRef is stated (J-25).</summary>
/// <param name="Always">States this class for every sign-in; null to go by what the user did.</param>
/// <param name="Mappings">The class for a sign-in by a method; the first that fits counts, before our own choice.</param>
internal sealed record AuthnContextSettings(
    string? Always = null,
    IReadOnlyList<AuthnContextMapping>? Mappings = null
);

/// <summary>A class to state when the user signed in by a method.</summary>
/// <param name="Method">A name of RFC 8176 such as <c>pwd</c>, <c>otp</c>, <c>hwk</c> or <c>mfa</c>.</param>
/// <param name="ClassRef">The class, a URI.</param>
internal sealed record AuthnContextMapping(string Method, string ClassRef);

/// <summary>A group whose members may sign in to an application.</summary>
internal sealed class ApplicationGroup
{
    public required Guid ApplicationId { get; init; }
    public required Guid GroupId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>A user who may sign in to an application without any of its groups (S4-12).</summary>
internal sealed class ApplicationUser
{
    public required Guid ApplicationId { get; init; }
    public required Guid UserId { get; init; }
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
