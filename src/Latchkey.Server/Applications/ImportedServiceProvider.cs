using Latchkey.Saml.Metadata;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>What a metadata file says about one service provider, in our terms. A proposal: the administrator sees and saves it (rule M2).</summary>
internal sealed record ImportedServiceProvider
{
    public required string EntityId { get; init; }
    public required string Label { get; init; }

    /// <summary>What the file calls it; null when its label is only made of an address.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }
    public string? Logo { get; init; }
    public required IReadOnlyList<IndexedEndpoint> AcsEndpoints { get; init; }
    public IReadOnlyList<Saml.Metadata.Endpoint> SloEndpoints { get; init; } = [];
    public IReadOnlyList<string> SigningCertificates { get; init; } = [];
    public IReadOnlyList<string> EncryptionCertificates { get; init; } = [];
    public bool RequireSignedRequests { get; init; }
    public bool WantAssertionsSigned { get; init; }

    /// <summary>The names of the attributes that the file marks as required.</summary>
    public IReadOnlyList<string> RequiredAttributes { get; init; } = [];

    /// <summary>Null when the file prefers none that we have.</summary>
    public string? NameIdFormat { get; init; }

    /// <summary>Null when the file asks for none.</summary>
    public IReadOnlyList<AttributeMapping>? Attributes { get; init; }

    /// <summary>Until when all of this counts, if said.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long it may be kept before it is fetched again, if said.</summary>
    public TimeSpan? CacheDuration { get; init; }

    /// <summary>What was left out and why; worth reading, no hindrance.</summary>
    public IReadOnlyList<Problem> Notices { get; init; } = [];

    /// <summary>Everything the file says, ready to save; what it does not say stays unsaid.</summary>
    public ApplicationInput ToInput() =>
        new()
        {
            Label = Label,
            Description = Description,
            Logo = Logo,
            SpEntityId = EntityId,
            AcsEndpoints = AcsEndpoints,
            SloEndpoints = SloEndpoints,
            SpSigningCertificates = SigningCertificates,
            SpEncryptionCertificates = EncryptionCertificates,
            RequireSignedRequests = RequireSignedRequests,
            WantAssertionsSigned = WantAssertionsSigned,
            RequiredAttributes = RequiredAttributes,
            NameIdFormat = NameIdFormat,
            Attributes = Attributes,
        };
}

/// <summary>What a metadata file holds: at least one service provider.</summary>
/// <param name="ServiceProviders">In the file's order.</param>
internal sealed record ImportedMetadata(IReadOnlyList<ImportedServiceProvider> ServiceProviders)
{
    /// <summary>For an application that exists: of several in one file its own is meant, unless it is not among them or another is said.</summary>
    public Outcome<ImportedServiceProvider> ChooseFor(string own, string? said) =>
        Choose(
            string.IsNullOrEmpty(said) && ServiceProviders.Any(sp => sp.EntityId == own)
                ? own
                : said
        );

    /// <summary>The one with the entity ID, or the only one.</summary>
    public Outcome<ImportedServiceProvider> Choose(string? entityId = null)
    {
        if (string.IsNullOrEmpty(entityId))
        {
            return ServiceProviders.Count == 1
                ? ServiceProviders[0]
                : new Problem("metadata-several", "metadata", ServiceProviders.Count);
        }
        var chosen = ServiceProviders.FirstOrDefault(sp => sp.EntityId == entityId);
        return chosen is not null
            ? chosen
            : new Problem("metadata-entity-missing", "metadata", entityId);
    }
}
