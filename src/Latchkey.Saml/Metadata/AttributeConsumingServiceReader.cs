using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads the attributes that a service provider asks for (saml-metadata-2.0 §2.4.4.1).</summary>
internal static class AttributeConsumingServiceReader
{
    public static AttributeConsumingService Read(
        XmlElement element,
        List<AttributeConsumingService> before,
        FindingList findings
    )
    {
        List<LocalizedText> names = [];
        List<LocalizedText> descriptions = [];
        List<RequestedAttribute> attributes = [];
        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "ServiceName"u8))
                MetadataValues.AddLocalized(names, child);
            else if (child.Is(XmlNamespace.Metadata, "ServiceDescription"u8))
                MetadataValues.AddLocalized(descriptions, child);
            else if (
                child.Is(XmlNamespace.Metadata, "RequestedAttribute"u8)
                && MetadataValues.Required(child, "Name", findings) is { } name
            )
                attributes.Add(
                    new RequestedAttribute(
                        name,
                        child.Attribute("NameFormat"u8).Text,
                        child.Attribute("FriendlyName"u8).Text,
                        MetadataValues.Boolean(child, "isRequired"u8, findings) ?? false
                    )
                    {
                        Values = MetadataValues.AttributeValues(child),
                    }
                );
        }
        var next = before.Count == 0 ? 0 : before.Max(service => service.Index) + 1;
        return new AttributeConsumingService(
            MetadataValues.Index(element, next, findings),
            attributes
        )
        {
            IsDefault = MetadataValues.Boolean(element, "isDefault"u8, findings),
            Names = names,
            Descriptions = descriptions,
        };
    }
}
