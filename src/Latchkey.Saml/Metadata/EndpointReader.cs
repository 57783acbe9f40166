using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads endpoints; one that messages may not be sent to is left out with a warning (rule I3).</summary>
internal static class EndpointReader
{
    /// <summary>saml-metadata-2.0 §2.2.2.</summary>
    public static Endpoint? Read(XmlElement element, FindingList findings)
    {
        string? binding = element.Attribute("Binding"u8).Text;
        string? location = element.Attribute("Location"u8).Text;
        string? responseLocation = element.Attribute("ResponseLocation"u8).Text;
        if (
            string.IsNullOrEmpty(binding)
            || !EndpointAddress.IsAllowed(location)
            || (responseLocation is not null && !EndpointAddress.IsAllowed(responseLocation))
        )
        {
            findings.Add(
                FindingKinds.MetadataEndpointAddress,
                expected: "Binding, and an https Location",
                found: $"{binding ?? "no Binding"}, {location ?? "no Location"}{(responseLocation is null ? "" : ", " + responseLocation)}",
                at: element.Place
            );
            return null;
        }
        return new Endpoint(binding, location!, responseLocation);
    }

    /// <summary>saml-metadata-2.0 §2.2.3. A missing index is harmless, since only registered places are ever chosen by it: the next free one is given.</summary>
    public static IndexedEndpoint? ReadIndexed(
        XmlElement element,
        List<IndexedEndpoint> before,
        FindingList findings
    )
    {
        if (Read(element, findings) is not { } endpoint)
            return null;
        int next = before.Count == 0 ? 0 : before.Max(e => e.Index) + 1;
        return new IndexedEndpoint(
            endpoint.Binding,
            endpoint.Location,
            MetadataValues.Index(element, next, findings),
            MetadataValues.Boolean(element, "isDefault"u8, findings)
        );
    }
}
