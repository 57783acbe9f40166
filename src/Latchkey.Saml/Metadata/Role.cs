namespace Latchkey.Saml.Metadata;

/// <summary>What both roles have (saml-metadata-2.0 §2.4.1, §2.4.2).</summary>
public abstract record Role
{
    /// <summary>Certificates (DER) for signing: those marked so and those without a mark.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> SigningCertificates { get; init; } = [];

    /// <summary>Certificates (DER) for encryption: those marked so and those without a mark.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> EncryptionCertificates { get; init; } = [];

    /// <summary>How the role can decrypt, in order of preference; empty when not said. Those of its first encryption key that names any.</summary>
    public IReadOnlyList<EncryptionMethod> EncryptionMethods { get; init; } = [];

    /// <summary>Where artifacts are resolved, by SOAP.</summary>
    public IReadOnlyList<IndexedEndpoint> ArtifactResolutionServices { get; init; } = [];

    /// <summary>Single logout services.</summary>
    public IReadOnlyList<Endpoint> SingleLogoutServices { get; init; } = [];

    /// <summary>NameID formats, in order of preference.</summary>
    public IReadOnlyList<string> NameIdFormats { get; init; } = [];

    /// <summary>Names and logos for people.</summary>
    public UiInfo UiInfo { get; init; } = new();

    /// <summary>The algorithms it can handle; empty when the role does not say.</summary>
    public AlgorithmSupport Algorithms { get; init; } = new();

    /// <summary>The domains that it may speak for, as far as the role says so (shibmd:Scope).</summary>
    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    /// <summary>Where people are sent when something went wrong there, if said.</summary>
    public string? ErrorUrl { get; init; }
}

/// <summary>An identity provider (saml-metadata-2.0 §2.4.3).</summary>
public sealed record IdentityProviderRole : Role
{
    /// <summary>Whether requests must be signed.</summary>
    public bool WantAuthnRequestsSigned { get; init; }

    /// <summary>Where requests go.</summary>
    public IReadOnlyList<Endpoint> SingleSignOnServices { get; init; } = [];
}

/// <summary>A service provider (saml-metadata-2.0 §2.4.4).</summary>
public sealed record ServiceProviderRole : Role
{
    /// <summary>Whether its requests are signed.</summary>
    public bool AuthnRequestsSigned { get; init; }

    /// <summary>Whether assertions must be signed.</summary>
    public bool WantAssertionsSigned { get; init; }

    /// <summary>Where Responses go.</summary>
    public IReadOnlyList<IndexedEndpoint> AssertionConsumerServices { get; init; } = [];

    /// <summary>The sets of attributes that it asks for.</summary>
    public IReadOnlyList<AttributeConsumingService> AttributeConsumingServices { get; init; } = [];

    /// <summary>Attributes of its default AttributeConsumingService: the one marked so, else the first not marked otherwise, else the first.</summary>
    public IReadOnlyList<RequestedAttribute> RequestedAttributes =>
        AttributeConsumingService.DefaultOf(AttributeConsumingServices)?.RequestedAttributes ?? [];
}
