using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Collects the attributes that a service provider asks for (saml-metadata-2.0 §2.4.4.1).</summary>
internal sealed class AttributeConsumingServices(FindingList findings)
{
    private bool? defaultMark;

    /// <summary>Those of the default service: the one marked so, else the first not marked otherwise, else the first.</summary>
    public IReadOnlyList<RequestedAttribute> Default { get; private set; } = [];

    private bool any;

    public void Take(XmlElement service)
    {
        bool? mark = MetadataValues.Boolean(service, "isDefault"u8, findings);
        if (any && Rank(mark) <= Rank(defaultMark))
            return;
        any = true;
        defaultMark = mark;
        Default = Read(service);
    }

    private static int Rank(bool? isDefault) =>
        isDefault switch
        {
            true => 2,
            null => 1,
            false => 0,
        };

    private List<RequestedAttribute> Read(XmlElement service)
    {
        List<RequestedAttribute> attributes = [];
        foreach (XmlElement child in service.Children)
        {
            if (!child.Is(XmlNamespace.Metadata, "RequestedAttribute"u8))
                continue;
            if (MetadataValues.Required(child, "Name", findings) is { } name)
                attributes.Add(
                    new RequestedAttribute(
                        name,
                        child.Attribute("NameFormat"u8).Text,
                        child.Attribute("FriendlyName"u8).Text,
                        MetadataValues.Boolean(child, "isRequired"u8, findings) ?? false
                    )
                );
        }
        return attributes;
    }
}
