using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>One entity's metadata (saml-metadata-2.0 §2.3.2).</summary>
public sealed record EntityDescriptor
{
    /// <summary>The entity ID, compared exactly (K-01).</summary>
    public required string EntityId { get; init; }

    /// <summary>When the metadata stops being valid, if said: the earliest of its own and those around it.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long it may be kept before it is fetched again, if said: the shortest of its own and those around it.</summary>
    public TimeSpan? CacheDuration { get; init; }

    /// <summary>The role of an identity provider, if it has one.</summary>
    public IdentityProviderRole? IdentityProvider { get; init; }

    /// <summary>The role of a service provider, if it has one.</summary>
    public ServiceProviderRole? ServiceProvider { get; init; }

    /// <summary>The organization behind it, if said.</summary>
    public Organization? Organization { get; init; }

    /// <summary>People to turn to.</summary>
    public IReadOnlyList<ContactPerson> Contacts { get; init; } = [];

    /// <summary>Attributes of the entity itself, such as categories (sstc-metadata-attr). Values that are elements are left out.</summary>
    public IReadOnlyList<SamlAttribute> EntityAttributes { get; init; } = [];

    /// <summary>The algorithms of roles that name none of their own.</summary>
    public AlgorithmSupport Algorithms { get; init; } = new();

    /// <summary>The domains that all its roles may speak for, as far as they say so at the entity.</summary>
    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    /// <summary>The organization's name for people, if said.</summary>
    public string? OrganizationDisplayName => Organization?.DisplayName;

    /// <summary>Which lasting identifier it asks for (saml-subject-id-attr-v1.0 §2.5).</summary>
    public SubjectIdRequirement SubjectIdRequirement =>
        SubjectIdRequirements.Read(EntityAttributes);
}

/// <summary>Several entities in one file (saml-metadata-2.0 §2.3.1), to be written.</summary>
/// <param name="Entities">The entities.</param>
public sealed record EntitiesDescriptor(IReadOnlyList<EntityDescriptor> Entities)
{
    /// <summary>What the publisher calls it.</summary>
    public string? Name { get; init; }

    /// <summary>When all of it stops being valid.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long it may be kept before it is fetched again.</summary>
    public TimeSpan? CacheDuration { get; init; }
}
