using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads what stands inside IDPSSODescriptor and SPSSODescriptor (saml-metadata-2.0 §2.4).</summary>
internal static class RoleReader
{
    private const string Saml2 = "urn:oasis:names:tc:SAML:2.0:protocol";

    /// <returns>Null when the role does not speak SAML 2.0, or cannot be used: then with a finding.</returns>
    public static IdentityProviderRole? ReadIdentityProvider(
        XmlElement element,
        DateTimeOffset now,
        FindingList findings
    )
    {
        if (!SpeaksSaml2(element))
            return null;
        Validity.Read(element, Validity.Unlimited, findings).Demand(element, now, findings);

        RoleParts parts = new(findings);
        List<Endpoint> signOn = [];
        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "SingleSignOnService"u8))
                AddIfPresent(signOn, EndpointReader.Read(child, findings));
            else
                parts.Take(child);
        }
        DemandEndpoint(signOn.Count, element, "md:SingleSignOnService", findings);
        return new IdentityProviderRole
        {
            WantAuthnRequestsSigned =
                MetadataValues.Boolean(element, "WantAuthnRequestsSigned"u8, findings) ?? false,
            SingleSignOnServices = signOn,
            SigningCertificates = parts.SigningCertificates,
            EncryptionCertificates = parts.EncryptionCertificates,
            SingleLogoutServices = parts.SingleLogoutServices,
            NameIdFormats = parts.NameIdFormats,
            EncryptionMethods = parts.EncryptionMethods,
            ArtifactResolutionServices = parts.ArtifactResolutionServices,
            UiInfo = parts.Extensions.UiInfo,
            Algorithms = parts.Extensions.Algorithms,
            Scopes = parts.Extensions.Scopes,
            ErrorUrl = ReadErrorUrl(element),
        };
    }

    /// <returns>Null when the role does not speak SAML 2.0, or cannot be used: then with a finding.</returns>
    public static ServiceProviderRole? ReadServiceProvider(
        XmlElement element,
        DateTimeOffset now,
        FindingList findings
    )
    {
        if (!SpeaksSaml2(element))
            return null;
        Validity.Read(element, Validity.Unlimited, findings).Demand(element, now, findings);

        RoleParts parts = new(findings);
        List<IndexedEndpoint> consumers = [];
        List<AttributeConsumingService> services = [];
        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "AssertionConsumerService"u8))
                AddIfPresent(consumers, EndpointReader.ReadIndexed(child, consumers, findings));
            else if (child.Is(XmlNamespace.Metadata, "AttributeConsumingService"u8))
                services.Add(AttributeConsumingServiceReader.Read(child, services, findings));
            else
                parts.Take(child);
        }
        DemandEndpoint(consumers.Count, element, "md:AssertionConsumerService", findings);
        return new ServiceProviderRole
        {
            AuthnRequestsSigned =
                MetadataValues.Boolean(element, "AuthnRequestsSigned"u8, findings) ?? false,
            WantAssertionsSigned =
                MetadataValues.Boolean(element, "WantAssertionsSigned"u8, findings) ?? false,
            AssertionConsumerServices = consumers,
            AttributeConsumingServices = services,
            SigningCertificates = parts.SigningCertificates,
            EncryptionCertificates = parts.EncryptionCertificates,
            SingleLogoutServices = parts.SingleLogoutServices,
            NameIdFormats = parts.NameIdFormats,
            EncryptionMethods = parts.EncryptionMethods,
            ArtifactResolutionServices = parts.ArtifactResolutionServices,
            UiInfo = parts.Extensions.UiInfo,
            Algorithms = parts.Extensions.Algorithms,
            Scopes = parts.Extensions.Scopes,
            ErrorUrl = ReadErrorUrl(element),
        };
    }

    // People are sent there: what is no web address is passed over (SDP-IDP33).
    private static string? ReadErrorUrl(XmlElement element)
    {
        var url = element.Attribute("errorURL"u8).Text;
        return
            Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? url
            : null;
    }

    // protocolSupportEnumeration is a list; SAML 1.1 roles carry other entries.
    private static bool SpeaksSaml2(XmlElement element)
    {
        string? protocols = element.Attribute("protocolSupportEnumeration"u8).Text;
        return protocols is not null
            && protocols
                .Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
                .Contains(Saml2, StringComparer.Ordinal);
    }

    private static void DemandEndpoint(
        int count,
        XmlElement element,
        string expected,
        FindingList findings
    )
    {
        if (count == 0)
            findings.Add(
                FindingKinds.MetadataEndpointMissing,
                expected: expected,
                at: element.Place
            );
    }

    private static void AddIfPresent<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
            list.Add(item);
    }
}
