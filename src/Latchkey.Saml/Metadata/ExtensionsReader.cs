using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Collects the extensions that mean something at an entity or a role. All others are passed over.</summary>
internal sealed class EntityExtensions
{
    private readonly List<string> digests = [];
    private readonly List<SigningMethod> signing = [];
    private readonly List<Scope> scopes = [];
    private readonly List<SamlAttribute> attributes = [];

    public AlgorithmSupport Algorithms =>
        new() { DigestMethods = digests, SigningMethods = signing };

    public IReadOnlyList<Scope> Scopes => scopes;

    /// <summary>Of an entity; a role has none.</summary>
    public IReadOnlyList<SamlAttribute> Attributes => attributes;

    /// <summary>Of a role; an entity has none.</summary>
    public UiInfo UiInfo { get; private set; } = new();

    public void Take(XmlElement extensions)
    {
        foreach (var child in extensions.Children)
        {
            if (child.Is(XmlNamespace.MetadataUi, "UIInfo"u8))
                UiInfo = UiInfoReader.Read(child);
            else if (child.Is(XmlNamespace.MetadataAttributes, "EntityAttributes"u8))
                TakeAttributes(child);
            else if (child.Is(XmlNamespace.MetadataAlgorithms, "DigestMethod"u8))
            {
                if (child.Attribute("Algorithm"u8).Text is { Length: > 0 } algorithm)
                    digests.Add(algorithm);
            }
            else if (child.Is(XmlNamespace.MetadataAlgorithms, "SigningMethod"u8))
                TakeSigning(child);
            else if (
                child.Is(XmlNamespace.ShibbolethMetadata, "Scope"u8)
                && MetadataValues.Text(child) is { } scope
            )
                scopes.Add(
                    new Scope(
                        scope,
                        child.Attribute("regexp"u8).TryBoolean(out var regexp) && regexp
                    )
                );
        }
    }

    private void TakeSigning(XmlElement element)
    {
        if (element.Attribute("Algorithm"u8).Text is not { Length: > 0 } algorithm)
            return;
        signing.Add(
            new SigningMethod(
                algorithm,
                element.Attribute("MinKeySize"u8).TryUnsignedShort(out var least) ? least : null,
                element.Attribute("MaxKeySize"u8).TryUnsignedShort(out var most) ? most : null
            )
        );
    }

    // The element may also hold signed assertions about the entity (sstc-metadata-attr §2.2): they are passed over.
    private void TakeAttributes(XmlElement element)
    {
        foreach (var child in element.Children)
            if (
                child.Is(XmlNamespace.Assertion, "Attribute"u8)
                && child.Attribute("Name"u8).Text is { Length: > 0 } name
            )
                attributes.Add(
                    new SamlAttribute(
                        name,
                        MetadataValues.AttributeValues(child),
                        child.Attribute("NameFormat"u8).Text,
                        child.Attribute("FriendlyName"u8).Text
                    )
                );
    }
}
