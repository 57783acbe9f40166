namespace Latchkey.Saml.Metadata;

/// <summary>A set of attributes that a service provider asks for (saml-metadata-2.0 §2.4.4.1).</summary>
/// <param name="Index">0 to 65535.</param>
/// <param name="RequestedAttributes">The attributes.</param>
public sealed record AttributeConsumingService(
    int Index,
    IReadOnlyList<RequestedAttribute> RequestedAttributes
)
{
    /// <summary>As written; null when not written.</summary>
    public bool? IsDefault { get; init; }

    /// <summary>The service's names. Written without any, it gets the service provider's own name, since the schema wants one.</summary>
    public IReadOnlyList<LocalizedText> Names { get; init; } = [];

    /// <summary>What the service is.</summary>
    public IReadOnlyList<LocalizedText> Descriptions { get; init; } = [];

    internal static AttributeConsumingService? DefaultOf(
        IReadOnlyList<AttributeConsumingService> services
    ) =>
        services.FirstOrDefault(service => service.IsDefault == true)
        ?? services.FirstOrDefault(service => service.IsDefault is null)
        ?? services.FirstOrDefault();
}

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
)
{
    /// <summary>The values that are of interest; empty for any. Values that are elements are left out.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
