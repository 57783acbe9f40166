using System.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Writes metadata of either role (saml-metadata-2.0). Elements stand in the order of the schema, attributes in that of canonical XML.</summary>
public static class MetadataWriter
{
    private const string Saml2 = "urn:oasis:names:tc:SAML:2.0:protocol";

    /// <summary>The metadata as canonical UTF-8 XML, unsigned.</summary>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), or the entity has no role.</exception>
    public static byte[] Write(EntityDescriptor entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (entity.IdentityProvider is null && entity.ServiceProvider is null)
            throw new ArgumentException("An entity needs a role.", nameof(entity));

        using CanonicalWriter writer = new();
        writer.Start(Prefix.Md, "EntityDescriptor"u8);
        if (entity.CacheDuration is { } duration)
            writer.Attribute("cacheDuration"u8, XmlConvert.ToString(duration));
        writer.Attribute("entityID"u8, entity.EntityId);
        writer.Attribute("validUntil"u8, entity.ValidUntil);
        if (entity.IdentityProvider is not null)
            WriteIdentityProvider(writer, entity.IdentityProvider);
        if (entity.ServiceProvider is not null)
            WriteServiceProvider(writer, entity, entity.ServiceProvider);
        if (entity.Organization is not null)
            WriteOrganization(writer, entity.Organization);
        writer.End();
        return writer.Finish().ToArray();
    }

    private static void WriteIdentityProvider(CanonicalWriter writer, IdentityProviderRole role)
    {
        writer.Start(Prefix.Md, "IDPSSODescriptor"u8);
        // Written either way: there are peers that refuse to start unless it says what they themselves do.
        writer.Attribute(
            "WantAuthnRequestsSigned"u8,
            role.WantAuthnRequestsSigned ? "true" : "false"
        );
        writer.Attribute("protocolSupportEnumeration"u8, Saml2);
        WriteCommonParts(writer, role);
        foreach (Endpoint endpoint in role.SingleSignOnServices)
            WriteEndpoint(writer, "SingleSignOnService"u8, endpoint);
        writer.End();
    }

    private static void WriteServiceProvider(
        CanonicalWriter writer,
        EntityDescriptor entity,
        ServiceProviderRole role
    )
    {
        writer.Start(Prefix.Md, "SPSSODescriptor"u8);
        writer.Attribute("AuthnRequestsSigned"u8, role.AuthnRequestsSigned ? "true" : "false");
        writer.Attribute("WantAssertionsSigned"u8, role.WantAssertionsSigned ? "true" : "false");
        writer.Attribute("protocolSupportEnumeration"u8, Saml2);
        WriteCommonParts(writer, role);
        foreach (IndexedEndpoint endpoint in role.AssertionConsumerServices)
        {
            writer.Start(Prefix.Md, "AssertionConsumerService"u8);
            writer.Attribute("Binding"u8, endpoint.Binding);
            writer.Attribute("Location"u8, endpoint.Location);
            writer.Attribute("index"u8, endpoint.Index);
            if (endpoint.IsDefault is { } isDefault)
                writer.Attribute("isDefault"u8, isDefault ? "true" : "false");
            writer.End();
        }
        if (role.RequestedAttributes.Count > 0)
            WriteRequestedAttributes(writer, entity, role);
        writer.End();
    }

    /// <summary>Extensions, keys, logout services, NameID formats: the beginning of both roles.</summary>
    private static void WriteCommonParts(CanonicalWriter writer, Role role)
    {
        WriteUiInfo(writer, role.UiInfo);
        foreach (ReadOnlyMemory<byte> certificate in role.SigningCertificates)
            WriteKey(
                writer,
                certificate.Span,
                Contains(role.EncryptionCertificates, certificate) ? null : "signing"
            );
        foreach (ReadOnlyMemory<byte> certificate in role.EncryptionCertificates)
            if (!Contains(role.SigningCertificates, certificate))
                WriteKey(writer, certificate.Span, "encryption");
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
        string? use
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

    /// <summary>sstc-saml-metadata-ui-v1.0 §2.1.</summary>
    private static void WriteUiInfo(CanonicalWriter writer, UiInfo info)
    {
        if (info.DisplayNames.Count + info.Descriptions.Count + info.Logos.Count == 0)
            return;
        writer.Start(Prefix.Md, "Extensions"u8);
        writer.Start(Prefix.Mdui, "UIInfo"u8);
        foreach (LocalizedText name in info.DisplayNames)
            WriteLocalized(writer, Prefix.Mdui, "DisplayName"u8, name.Language, name.Text);
        foreach (LocalizedText description in info.Descriptions)
            WriteLocalized(
                writer,
                Prefix.Mdui,
                "Description"u8,
                description.Language,
                description.Text
            );
        foreach (Logo logo in info.Logos)
        {
            writer.Start(Prefix.Mdui, "Logo"u8);
            writer.Attribute("height"u8, logo.Height);
            writer.Attribute("width"u8, logo.Width);
            writer.Attribute("xml:lang"u8, logo.Language);
            writer.Text(logo.Url);
            writer.End();
        }
        writer.End();
        writer.End();
    }

    /// <summary>saml-metadata-2.0 §2.4.4.1. A service needs a name; the service provider's own does.</summary>
    private static void WriteRequestedAttributes(
        CanonicalWriter writer,
        EntityDescriptor entity,
        ServiceProviderRole role
    )
    {
        LocalizedText name =
            role.UiInfo.DisplayNames.Count > 0
                ? role.UiInfo.DisplayNames[0]
                : new LocalizedText("en", entity.EntityId);
        writer.Start(Prefix.Md, "AttributeConsumingService"u8);
        writer.Attribute("index"u8, 0);
        writer.Attribute("isDefault"u8, "true");
        WriteLocalized(writer, Prefix.Md, "ServiceName"u8, name.Language, name.Text);
        foreach (RequestedAttribute attribute in role.RequestedAttributes)
        {
            writer.Start(Prefix.Md, "RequestedAttribute"u8);
            writer.Attribute("FriendlyName"u8, attribute.FriendlyName);
            writer.Attribute("Name"u8, attribute.Name);
            writer.Attribute("NameFormat"u8, attribute.NameFormat);
            writer.AttributeIfTrue("isRequired"u8, attribute.IsRequired);
            writer.End();
        }
        writer.End();
    }

    private static void WriteOrganization(CanonicalWriter writer, Organization organization)
    {
        string language = organization.Language;
        writer.Start(Prefix.Md, "Organization"u8);
        WriteLocalized(writer, Prefix.Md, "OrganizationName"u8, language, organization.Name);
        WriteLocalized(
            writer,
            Prefix.Md,
            "OrganizationDisplayName"u8,
            language,
            organization.DisplayName
        );
        WriteLocalized(writer, Prefix.Md, "OrganizationURL"u8, language, organization.Url);
        writer.End();
    }

    private static void WriteLocalized(
        CanonicalWriter writer,
        Prefix prefix,
        ReadOnlySpan<byte> name,
        string language,
        string text
    )
    {
        writer.Start(prefix, name);
        writer.Attribute("xml:lang"u8, language);
        writer.Text(text);
        writer.End();
    }
}
