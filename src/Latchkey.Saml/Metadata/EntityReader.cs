using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads an EntityDescriptor (saml-metadata-2.0 §2.3.2).</summary>
internal static class EntityReader
{
    private const int LongestEntityId = 1024;

    /// <returns>Null, and a finding, when the entity cannot be used.</returns>
    public static EntityDescriptor? Read(
        XmlElement element,
        Validity around,
        DateTimeOffset now,
        FindingList findings
    )
    {
        var validity = Validity.Read(element, around, findings);
        validity.Demand(element, now, findings);
        var entityId = MetadataValues.Required(element, "entityID", findings);
        if (entityId?.Length > LongestEntityId)
            findings.Add(
                FindingKinds.ValueMalformed,
                expected: $"at most {LongestEntityId} characters",
                found: entityId,
                at: element.PlaceOf("entityID")
            );

        IdentityProviderRole? identityProvider = null;
        ServiceProviderRole? serviceProvider = null;
        Organization? organization = null;
        List<ContactPerson> contacts = [];
        var extensions = new EntityExtensions();
        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "IDPSSODescriptor"u8))
                identityProvider ??= RoleReader.ReadIdentityProvider(child, now, findings);
            else if (child.Is(XmlNamespace.Metadata, "SPSSODescriptor"u8))
                serviceProvider ??= RoleReader.ReadServiceProvider(child, now, findings);
            else if (child.Is(XmlNamespace.Metadata, "Organization"u8))
                organization ??= ReadOrganization(child);
            else if (child.Is(XmlNamespace.Metadata, "ContactPerson"u8))
                contacts.Add(ReadContact(child));
            else if (child.Is(XmlNamespace.Metadata, "Extensions"u8))
                extensions.Take(child);
        }
        if (identityProvider is null && serviceProvider is null && !findings.Refused)
            findings.Add(
                FindingKinds.MetadataRoleMissing,
                "md:IDPSSODescriptor or md:SPSSODescriptor",
                entityId,
                element.Place
            );
        if (entityId is null || findings.Refused)
            return null;
        return new EntityDescriptor
        {
            EntityId = entityId,
            ValidUntil = validity.Until,
            CacheDuration = validity.CacheDuration,
            IdentityProvider = identityProvider,
            ServiceProvider = serviceProvider,
            Organization = organization,
            Contacts = contacts,
            EntityAttributes = extensions.Attributes,
            Algorithms = extensions.Algorithms,
            Scopes = extensions.Scopes,
        };
    }

    /// <summary>Reads one of several: an unusable one among thousands must not hide the others, so that it only leaves a warning.</summary>
    public static EntityDescriptor? ReadAmongOthers(
        XmlElement element,
        Validity around,
        DateTimeOffset now,
        FindingList findings
    )
    {
        var own = new FindingList();
        var entity = Read(element, around, now, own);
        if (entity is null)
            findings.Add(
                FindingKinds.MetadataEntityLeftOut,
                expected: own.Items.First(f => f.Kind.Severity == Severity.Refusal).Kind.Title,
                found: element.Attribute("entityID"u8).Text,
                at: element.Place
            );
        else
            foreach (var warning in own.Items)
                findings.Add(warning);
        return entity;
    }

    // An Organization without a name is as good as none; one name stands in for the other.
    private static Organization? ReadOrganization(XmlElement element)
    {
        List<LocalizedText> names = [];
        List<LocalizedText> displayNames = [];
        List<LocalizedText> urls = [];
        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "OrganizationName"u8))
                MetadataValues.AddLocalized(names, child);
            else if (child.Is(XmlNamespace.Metadata, "OrganizationDisplayName"u8))
                MetadataValues.AddLocalized(displayNames, child);
            else if (child.Is(XmlNamespace.Metadata, "OrganizationURL"u8))
                MetadataValues.AddLocalized(urls, child);
        }
        if (names.Count + displayNames.Count == 0)
            return null;
        return new Organization
        {
            Names = names.Count > 0 ? names : displayNames,
            DisplayNames = displayNames.Count > 0 ? displayNames : names,
            Urls = urls,
        };
    }

    private static ContactPerson ReadContact(XmlElement element)
    {
        var contact = new ContactPerson(
            element.Attribute("contactType"u8).Text switch
            {
                "technical" => ContactType.Technical,
                "support" => ContactType.Support,
                "administrative" => ContactType.Administrative,
                "billing" => ContactType.Billing,
                _ => ContactType.Other,
            }
        );
        List<string> addresses = [];
        List<string> numbers = [];
        foreach (var child in element.Children)
        {
            if (MetadataValues.Text(child) is not { } text)
                continue;
            if (child.Is(XmlNamespace.Metadata, "Company"u8))
                contact = contact with { Company = contact.Company ?? text };
            else if (child.Is(XmlNamespace.Metadata, "GivenName"u8))
                contact = contact with { GivenName = contact.GivenName ?? text };
            else if (child.Is(XmlNamespace.Metadata, "SurName"u8))
                contact = contact with { SurName = contact.SurName ?? text };
            else if (child.Is(XmlNamespace.Metadata, "EmailAddress"u8))
                addresses.Add(text);
            else if (child.Is(XmlNamespace.Metadata, "TelephoneNumber"u8))
                numbers.Add(text);
        }
        return contact with { EmailAddresses = addresses, TelephoneNumbers = numbers };
    }
}
