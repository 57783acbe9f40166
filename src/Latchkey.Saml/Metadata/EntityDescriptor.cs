using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>One entity's metadata (saml-metadata-2.0 §2.3.2).</summary>
public sealed record EntityDescriptor
{
    /// <summary>The entity ID, compared exactly (K-01).</summary>
    public required string EntityId { get; init; }

    /// <summary>When the metadata stops being valid, if said.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long it may be kept before it is fetched again, if said.</summary>
    public TimeSpan? CacheDuration { get; init; }

    /// <summary>The role of an identity provider, if it has one.</summary>
    public IdentityProviderRole? IdentityProvider { get; init; }

    /// <summary>The role of a service provider, if it has one.</summary>
    public ServiceProviderRole? ServiceProvider { get; init; }

    /// <summary>The organization behind it, if said.</summary>
    public Organization? Organization { get; init; }

    /// <summary>The organization's name for people, if said.</summary>
    public string? OrganizationDisplayName => Organization?.DisplayName;
}

/// <summary>The organization behind an entity (saml-metadata-2.0 §2.3.2.1).</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Url">Where people learn more.</param>
/// <param name="Language">The language of all three.</param>
public sealed record Organization(
    string Name,
    string DisplayName,
    string Url,
    string Language = "en"
);

/// <summary>What both roles have (saml-metadata-2.0 §2.4.1, §2.4.2).</summary>
public abstract record Role
{
    /// <summary>Certificates (DER) for signing: those marked so and those without a mark.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> SigningCertificates { get; init; } = [];

    /// <summary>Certificates (DER) for encryption: those marked so and those without a mark.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> EncryptionCertificates { get; init; } = [];

    /// <summary>Single logout services.</summary>
    public IReadOnlyList<Endpoint> SingleLogoutServices { get; init; } = [];

    /// <summary>NameID formats, in order of preference.</summary>
    public IReadOnlyList<string> NameIdFormats { get; init; } = [];

    /// <summary>Names and logos for people.</summary>
    public UiInfo UiInfo { get; init; } = new();
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

    /// <summary>Attributes of its default AttributeConsumingService.</summary>
    public IReadOnlyList<RequestedAttribute> RequestedAttributes { get; init; } = [];
}

/// <summary>An address with its binding (saml-metadata-2.0 §2.2.2).</summary>
/// <param name="Binding">A URI of <see cref="SamlBindings"/>.</param>
/// <param name="Location">Where requests go.</param>
/// <param name="ResponseLocation">Where responses go, if elsewhere.</param>
public sealed record Endpoint(string Binding, string Location, string? ResponseLocation = null);

/// <summary>An address with its binding and index (saml-metadata-2.0 §2.2.3).</summary>
/// <param name="Binding">A URI of <see cref="SamlBindings"/>.</param>
/// <param name="Location">The address, compared exactly (K-02).</param>
/// <param name="Index">0 to 65535.</param>
/// <param name="IsDefault">As written; null when not written.</param>
public sealed record IndexedEndpoint(
    string Binding,
    string Location,
    int Index,
    bool? IsDefault = null
);

/// <summary>An attribute that a service provider asks for (saml-metadata-2.0 §2.4.4.2).</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="NameFormat">Its name format, if said.</param>
/// <param name="FriendlyName">For people.</param>
/// <param name="IsRequired">Whether it is needed.</param>
public sealed record RequestedAttribute(
    string Name,
    string? NameFormat = null,
    string? FriendlyName = null,
    bool IsRequired = false
);

/// <summary>Names and logos for people (sstc-saml-metadata-ui-v1.0).</summary>
public sealed record UiInfo
{
    /// <summary>Display names by language.</summary>
    public IReadOnlyList<LocalizedText> DisplayNames { get; init; } = [];

    /// <summary>Descriptions by language.</summary>
    public IReadOnlyList<LocalizedText> Descriptions { get; init; } = [];

    /// <summary>Logos.</summary>
    public IReadOnlyList<Logo> Logos { get; init; } = [];
}

/// <summary>A text in one language.</summary>
/// <param name="Language">xml:lang.</param>
/// <param name="Text">The text.</param>
public sealed record LocalizedText(string Language, string Text);

/// <summary>A logo's address and size in pixels.</summary>
/// <param name="Url">https or data.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="Language">xml:lang, if said.</param>
public sealed record Logo(string Url, int Width, int Height, string? Language = null);
