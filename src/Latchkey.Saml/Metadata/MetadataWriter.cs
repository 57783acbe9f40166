using System.Xml;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Signing;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Writes metadata of either role (saml-metadata-2.0). Elements stand in the order of the schema, attributes in that of canonical XML.</summary>
public static class MetadataWriter
{
    /// <summary>The metadata as canonical UTF-8 XML, unsigned.</summary>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), or the entity has no role.</exception>
    public static byte[] Write(EntityDescriptor entity)
    {
        using CanonicalWriter writer = new();
        WriteEntity(writer, entity, id: null);
        return writer.Finish().ToArray();
    }

    /// <summary>The metadata as canonical UTF-8 XML, signed. Keys for metadata are to be others than those for assertions (rule I6).</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="id">ID of the root: random, never used before.</param>
    /// <param name="key">The publisher's key.</param>
    /// <param name="algorithm">The algorithm; the key's default when null.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), the entity has no role, or the key is not of the algorithm's kind.</exception>
    public static byte[] Write(
        EntityDescriptor entity,
        string id,
        SigningKey key,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(key);
        using CanonicalWriter writer = new();
        int signatureAt = WriteEntity(writer, entity, id);
        Sign(writer, signatureAt, id, key, algorithm);
        return writer.Finish().ToArray();
    }

    /// <summary>Several entities in one EntitiesDescriptor, as canonical UTF-8 XML, signed when there is a key (saml-metadata-2.0 §2.3.1).</summary>
    /// <param name="aggregate">The entities; at least one.</param>
    /// <param name="id">ID of the root: random, never used before.</param>
    /// <param name="key">The publisher's key; null for an unsigned aggregate.</param>
    /// <param name="algorithm">The algorithm; the key's default when null.</param>
    /// <exception cref="ArgumentException">There is no entity, or one cannot be written.</exception>
    public static byte[] Write(
        EntitiesDescriptor aggregate,
        string id,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        ArgumentNullException.ThrowIfNull(id);
        if (aggregate.Entities.Count == 0)
            throw new ArgumentException("An aggregate needs an entity.", nameof(aggregate));
        using CanonicalWriter writer = new();
        writer.Start(Prefix.Md, "EntitiesDescriptor"u8);
        writer.Attribute("ID"u8, id);
        writer.Attribute("Name"u8, aggregate.Name);
        writer.Attribute("cacheDuration"u8, Duration(aggregate.CacheDuration));
        writer.Attribute("validUntil"u8, aggregate.ValidUntil);
        int signatureAt = writer.FinishStartTag();
        foreach (EntityDescriptor entity in aggregate.Entities)
            WriteEntity(writer, entity, id: null);
        writer.End();
        if (key is not null)
            Sign(writer, signatureAt, id, key, algorithm);
        return writer.Finish().ToArray();
    }

    private static void Sign(
        CanonicalWriter writer,
        int signatureAt,
        string id,
        SigningKey key,
        SignatureAlgorithm? algorithm
    ) =>
        EnvelopedSignature.Insert(
            writer,
            ElementMark.Document,
            signatureAt,
            id,
            key,
            algorithm ?? key.DefaultAlgorithm,
            keptPrefixes: null
        );

    /// <returns>Where a signature would stand.</returns>
    private static int WriteEntity(CanonicalWriter writer, EntityDescriptor entity, string? id)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (entity.IdentityProvider is null && entity.ServiceProvider is null)
            throw new ArgumentException("An entity needs a role.", nameof(entity));

        writer.Start(Prefix.Md, "EntityDescriptor"u8);
        writer.Attribute("ID"u8, id);
        writer.Attribute("cacheDuration"u8, Duration(entity.CacheDuration));
        writer.Attribute("entityID"u8, entity.EntityId);
        writer.Attribute("validUntil"u8, entity.ValidUntil);
        int signatureAt = writer.FinishStartTag();
        ExtensionsWriter.Write(writer, entity);
        if (entity.IdentityProvider is not null)
            RoleWriter.Write(writer, entity.IdentityProvider);
        if (entity.ServiceProvider is not null)
            RoleWriter.Write(writer, entity, entity.ServiceProvider);
        if (entity.Organization is not null)
            WriteOrganization(writer, entity.Organization);
        foreach (ContactPerson contact in entity.Contacts)
            WriteContact(writer, contact);
        writer.End();
        return signatureAt;
    }

    private static string? Duration(TimeSpan? duration) =>
        duration is { } value ? XmlConvert.ToString(value) : null;

    private static void WriteOrganization(CanonicalWriter writer, Organization organization)
    {
        writer.Start(Prefix.Md, "Organization"u8);
        WriteLocalized(writer, Prefix.Md, "OrganizationName"u8, organization.Names);
        WriteLocalized(writer, Prefix.Md, "OrganizationDisplayName"u8, organization.DisplayNames);
        WriteLocalized(writer, Prefix.Md, "OrganizationURL"u8, organization.Urls);
        writer.End();
    }

    private static void WriteContact(CanonicalWriter writer, ContactPerson contact)
    {
        writer.Start(Prefix.Md, "ContactPerson"u8);
        writer.Attribute(
            "contactType"u8,
            contact.Type switch
            {
                ContactType.Technical => "technical",
                ContactType.Support => "support",
                ContactType.Administrative => "administrative",
                ContactType.Billing => "billing",
                _ => "other",
            }
        );
        if (contact.Company is { } company)
            writer.Element(Prefix.Md, "Company"u8, company);
        if (contact.GivenName is { } givenName)
            writer.Element(Prefix.Md, "GivenName"u8, givenName);
        if (contact.SurName is { } surName)
            writer.Element(Prefix.Md, "SurName"u8, surName);
        foreach (string address in contact.EmailAddresses)
            writer.Element(Prefix.Md, "EmailAddress"u8, address);
        foreach (string number in contact.TelephoneNumbers)
            writer.Element(Prefix.Md, "TelephoneNumber"u8, number);
        writer.End();
    }

    internal static void WriteLocalized(
        CanonicalWriter writer,
        Prefix prefix,
        ReadOnlySpan<byte> name,
        IReadOnlyList<LocalizedText> texts
    )
    {
        foreach (LocalizedText text in texts)
            WriteLocalized(writer, prefix, name, text.Language, text.Text);
    }

    internal static void WriteLocalized(
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
