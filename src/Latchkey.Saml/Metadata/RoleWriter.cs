using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Writes IDPSSODescriptor and SPSSODescriptor (saml-metadata-2.0 §2.4).</summary>
internal static class RoleWriter
{
    private const string Saml2 = "urn:oasis:names:tc:SAML:2.0:protocol";

    public static void Write(CanonicalWriter writer, IdentityProviderRole role)
    {
        writer.Start(Prefix.Md, "IDPSSODescriptor"u8);
        // Written either way: there are peers that refuse to start unless it says what they themselves do.
        writer.Attribute("WantAuthnRequestsSigned"u8, Word(role.WantAuthnRequestsSigned));
        writer.Attribute("errorURL"u8, role.ErrorUrl);
        writer.Attribute("protocolSupportEnumeration"u8, Saml2);
        WriteCommonParts(writer, role);
        foreach (Endpoint endpoint in role.SingleSignOnServices)
            WriteEndpoint(writer, "SingleSignOnService"u8, endpoint);
        writer.End();
    }

    public static void Write(
        CanonicalWriter writer,
        EntityDescriptor entity,
        ServiceProviderRole role
    )
    {
        writer.Start(Prefix.Md, "SPSSODescriptor"u8);
        writer.Attribute("AuthnRequestsSigned"u8, Word(role.AuthnRequestsSigned));
        writer.Attribute("WantAssertionsSigned"u8, Word(role.WantAssertionsSigned));
        writer.Attribute("errorURL"u8, role.ErrorUrl);
        writer.Attribute("protocolSupportEnumeration"u8, Saml2);
        WriteCommonParts(writer, role);
        foreach (IndexedEndpoint endpoint in role.AssertionConsumerServices)
            WriteEndpoint(writer, "AssertionConsumerService"u8, endpoint);
        LocalizedText name =
            role.UiInfo.DisplayNames.Count > 0
                ? role.UiInfo.DisplayNames[0]
                : new LocalizedText("en", entity.EntityId);
        foreach (AttributeConsumingService service in role.AttributeConsumingServices)
            WriteService(writer, service, name);
        writer.End();
    }

    /// <summary>Extensions, keys, artifact and logout services, NameID formats: the beginning of both roles.</summary>
    private static void WriteCommonParts(CanonicalWriter writer, Role role)
    {
        ExtensionsWriter.Write(writer, role);
        foreach (ReadOnlyMemory<byte> certificate in role.SigningCertificates)
        {
            bool both = Contains(role.EncryptionCertificates, certificate);
            WriteKey(
                writer,
                certificate.Span,
                both ? null : "signing",
                both ? role.EncryptionMethods : []
            );
        }
        foreach (ReadOnlyMemory<byte> certificate in role.EncryptionCertificates)
            if (!Contains(role.SigningCertificates, certificate))
                WriteKey(writer, certificate.Span, "encryption", role.EncryptionMethods);
        foreach (IndexedEndpoint endpoint in role.ArtifactResolutionServices)
            WriteEndpoint(writer, "ArtifactResolutionService"u8, endpoint);
        foreach (Endpoint endpoint in role.SingleLogoutServices)
            WriteEndpoint(writer, "SingleLogoutService"u8, endpoint);
        foreach (string format in role.NameIdFormats)
            writer.Element(Prefix.Md, "NameIDFormat"u8, format);
    }

    private static bool Contains(
        IReadOnlyList<ReadOnlyMemory<byte>> certificates,
        ReadOnlyMemory<byte> certificate
    )
    {
        foreach (ReadOnlyMemory<byte> one in certificates)
            if (one.Span.SequenceEqual(certificate.Span))
                return true;
        return false;
    }

    private static void WriteKey(
        CanonicalWriter writer,
        ReadOnlySpan<byte> certificate,
        string? use,
        IReadOnlyList<EncryptionMethod> methods
    )
    {
        writer.Start(Prefix.Md, "KeyDescriptor"u8);
        writer.Attribute("use"u8, use);
        writer.Start(Prefix.Ds, "KeyInfo"u8);
        writer.Start(Prefix.Ds, "X509Data"u8);
        writer.Start(Prefix.Ds, "X509Certificate"u8);
        writer.TextBase64(certificate);
        writer.End();
        writer.End();
        writer.End();
        foreach (EncryptionMethod method in methods)
            WriteMethod(writer, method);
        writer.End();
    }

    /// <summary>xmlenc-core1 §3.2: KeySize, then what the algorithm adds.</summary>
    private static void WriteMethod(CanonicalWriter writer, EncryptionMethod method)
    {
        writer.Start(Prefix.Md, "EncryptionMethod"u8);
        writer.Attribute("Algorithm"u8, method.Algorithm);
        if (method.KeySize is { } bits)
            writer.Element(
                Prefix.Xenc,
                "KeySize"u8,
                bits.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
        WriteAlgorithm(writer, Prefix.Ds, "DigestMethod"u8, method.DigestMethod);
        WriteAlgorithm(writer, Prefix.Xenc11, "MGF"u8, method.MaskGeneration);
        writer.End();
    }

    private static void WriteAlgorithm(
        CanonicalWriter writer,
        Prefix prefix,
        ReadOnlySpan<byte> name,
        string? algorithm
    )
    {
        if (algorithm is null)
            return;
        writer.Start(prefix, name);
        writer.Attribute("Algorithm"u8, algorithm);
        writer.End();
    }

    private static void WriteEndpoint(
        CanonicalWriter writer,
        ReadOnlySpan<byte> name,
        Endpoint endpoint
    )
    {
        writer.Start(Prefix.Md, name);
        writer.Attribute("Binding"u8, endpoint.Binding);
        writer.Attribute("Location"u8, endpoint.Location);
        writer.Attribute("ResponseLocation"u8, endpoint.ResponseLocation);
        writer.End();
    }

    private static void WriteEndpoint(
        CanonicalWriter writer,
        ReadOnlySpan<byte> name,
        IndexedEndpoint endpoint
    )
    {
        writer.Start(Prefix.Md, name);
        writer.Attribute("Binding"u8, endpoint.Binding);
        writer.Attribute("Location"u8, endpoint.Location);
        writer.Attribute("index"u8, endpoint.Index);
        if (endpoint.IsDefault is { } isDefault)
            writer.Attribute("isDefault"u8, Word(isDefault));
        writer.End();
    }

    /// <summary>saml-metadata-2.0 §2.4.4.1.</summary>
    private static void WriteService(
        CanonicalWriter writer,
        AttributeConsumingService service,
        LocalizedText fallback
    )
    {
        writer.Start(Prefix.Md, "AttributeConsumingService"u8);
        writer.Attribute("index"u8, service.Index);
        if (service.IsDefault is { } isDefault)
            writer.Attribute("isDefault"u8, Word(isDefault));
        MetadataWriter.WriteLocalized(
            writer,
            Prefix.Md,
            "ServiceName"u8,
            service.Names.Count > 0 ? service.Names : [fallback]
        );
        MetadataWriter.WriteLocalized(
            writer,
            Prefix.Md,
            "ServiceDescription"u8,
            service.Descriptions
        );
        foreach (RequestedAttribute attribute in service.RequestedAttributes)
        {
            writer.Start(Prefix.Md, "RequestedAttribute"u8);
            writer.Attribute("FriendlyName"u8, attribute.FriendlyName);
            writer.Attribute("Name"u8, attribute.Name);
            writer.Attribute("NameFormat"u8, attribute.NameFormat);
            writer.AttributeIfTrue("isRequired"u8, attribute.IsRequired);
            foreach (string value in attribute.Values)
                writer.Element(Prefix.Saml, "AttributeValue"u8, value);
            writer.End();
        }
        writer.End();
    }

    private static string Word(bool value) => value ? "true" : "false";
}
