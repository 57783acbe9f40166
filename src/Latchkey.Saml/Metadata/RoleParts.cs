using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Collects what both roles have (saml-metadata-2.0 §2.4.1, §2.4.2). What is not known is passed over.</summary>
internal sealed class RoleParts(FindingList findings)
{
    public List<ReadOnlyMemory<byte>> SigningCertificates { get; } = [];

    public List<ReadOnlyMemory<byte>> EncryptionCertificates { get; } = [];

    public IReadOnlyList<EncryptionMethod> EncryptionMethods { get; private set; } = [];

    public List<IndexedEndpoint> ArtifactResolutionServices { get; } = [];

    public List<Endpoint> SingleLogoutServices { get; } = [];

    public List<string> NameIdFormats { get; } = [];

    public EntityExtensions Extensions { get; } = new();

    public void Take(XmlElement child)
    {
        if (child.Is(XmlNamespace.Metadata, "KeyDescriptor"u8))
            TakeKey(child);
        else if (child.Is(XmlNamespace.Metadata, "SingleLogoutService"u8))
        {
            if (EndpointReader.Read(child, findings) is { } endpoint)
                SingleLogoutServices.Add(endpoint);
        }
        else if (child.Is(XmlNamespace.Metadata, "ArtifactResolutionService"u8))
        {
            if (
                EndpointReader.ReadIndexed(child, ArtifactResolutionServices, findings) is
                { } endpoint
            )
                ArtifactResolutionServices.Add(endpoint);
        }
        else if (child.Is(XmlNamespace.Metadata, "NameIDFormat"u8))
        {
            if (MetadataValues.Text(child) is { } format)
                NameIdFormats.Add(format);
        }
        else if (child.Is(XmlNamespace.Metadata, "Extensions"u8))
            Extensions.Take(child);
    }

    // A key without a mark serves both uses (saml-metadata-2.0 §2.4.1.1, IIP-MD11).
    private void TakeKey(XmlElement element)
    {
        string? use = element.Attribute("use"u8).Text;
        if (use is null or "encryption" && EncryptionMethods.Count == 0)
            EncryptionMethods = KeyDescriptorReader.EncryptionMethods(element);
        foreach (byte[] certificate in KeyDescriptorReader.Certificates(element, findings))
        {
            if (use is null or "signing")
                SigningCertificates.Add(certificate);
            if (use is null or "encryption")
                EncryptionCertificates.Add(certificate);
        }
    }
}
