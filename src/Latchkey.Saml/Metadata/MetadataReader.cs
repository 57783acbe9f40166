using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>A metadata file: one entity, or a choice of several.</summary>
/// <param name="Entities">At least one.</param>
public sealed record MetadataDocument(IReadOnlyList<EntityDescriptor> Entities);

/// <summary>
/// Reads metadata of either role (saml-metadata-2.0). Unlike in messages, what is not known is passed over: metadata is
/// full of extensions, and none may hinder (IIP-EXT01). Nothing is searched for; elements are read where they belong.
/// </summary>
public static class MetadataReader
{
    private const int LongestEntityId = 1024;

    /// <summary>The default bounds: a federation's file holds thousands of entities where a message holds one.</summary>
    public static MessageLimits DefaultLimits { get; } =
        MessageLimits.Default with
        {
            XmlBytes = 8 * 1024 * 1024,
            Elements = 200_000,
            NamespaceDeclarations = 50_000,
        };

    /// <summary>Reads an EntityDescriptor or an EntitiesDescriptor. A signature in it is not checked here; where it came from is the caller's to judge (rule M2).</summary>
    /// <param name="xml">The file.</param>
    /// <param name="now">The present, UTC: expired metadata is refused.</param>
    /// <param name="limits">Bounds on the file; <see cref="DefaultLimits"/> when null.</param>
    /// <returns>The entities that can be used, with warnings about what was left out; or why there are none.</returns>
    public static Verdict<MetadataDocument> Read(
        ReadOnlyMemory<byte> xml,
        DateTimeOffset now,
        MessageLimits? limits = null
    )
    {
        FindingList findings = new();
        using Tape? tape = Tape.Read(xml.Span, limits ?? DefaultLimits, findings);
        if (tape is null)
            return Verdict<MetadataDocument>.Refuse(findings.Items);

        List<EntityDescriptor> entities = [];
        XmlElement root = tape.Root;
        if (root.Is(XmlNamespace.Metadata, "EntityDescriptor"u8))
            ReadSingle(root, now, findings, entities);
        else if (root.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
            ReadChoice(root, now, findings, entities);
        else
            findings.Add(
                FindingKinds.MetadataExpected,
                expected: "md:EntityDescriptor or md:EntitiesDescriptor",
                found: root.Name,
                at: root.Place
            );

        if (!findings.Refused && entities.Count == 0)
            findings.Add(FindingKinds.MetadataRoleMissing, at: root.Place);
        return findings.Refused
            ? Verdict<MetadataDocument>.Refuse(findings.Items)
            : Verdict<MetadataDocument>.Accept(new MetadataDocument(entities), findings.Items);
    }

    private static void ReadSingle(
        XmlElement element,
        DateTimeOffset now,
        FindingList findings,
        List<EntityDescriptor> entities
    )
    {
        if (ReadEntity(element, Validity.Unlimited, now, findings) is { } entity)
            entities.Add(entity);
    }

    // Recursion is bounded by the limit on depth.
    private static void ReadChoice(
        XmlElement element,
        DateTimeOffset now,
        FindingList findings,
        List<EntityDescriptor> entities,
        Validity around = default
    )
    {
        Validity validity = Validity.Read(element, around, findings);
        validity.Demand(element, now, findings);
        if (findings.Refused)
            return;

        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
                ReadChoice(child, now, findings, entities, validity);
            if (!child.Is(XmlNamespace.Metadata, "EntityDescriptor"u8))
                continue;

            // One unusable entity among thousands must not hide the others.
            FindingList own = new();
            EntityDescriptor? entity = ReadEntity(child, validity, now, own);
            if (entity is null)
                findings.Add(
                    FindingKinds.MetadataEntityLeftOut,
                    expected: own.Items.First(f => f.Kind.Severity == Severity.Refusal).Kind.Title,
                    found: child.Attribute("entityID"u8).Text,
                    at: child.Place
                );
            else
            {
                entities.Add(entity);
                foreach (Finding warning in own.Items)
                    findings.Add(warning);
            }
        }
    }

    /// <returns>Null, and a finding, when the entity cannot be used.</returns>
    private static EntityDescriptor? ReadEntity(
        XmlElement element,
        Validity around,
        DateTimeOffset now,
        FindingList findings
    )
    {
        Validity validity = Validity.Read(element, around, findings);
        validity.Demand(element, now, findings);
        string? entityId = MetadataValues.Required(element, "entityID", findings);
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
        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "IDPSSODescriptor"u8))
                identityProvider ??= RoleReader.ReadIdentityProvider(child, now, findings);
            else if (child.Is(XmlNamespace.Metadata, "SPSSODescriptor"u8))
                serviceProvider ??= RoleReader.ReadServiceProvider(child, now, findings);
            else if (child.Is(XmlNamespace.Metadata, "Organization"u8))
                organization ??= ReadOrganization(child);
        }
        if (identityProvider is null && serviceProvider is null && !findings.Refused)
            findings.Add(FindingKinds.MetadataRoleMissing, found: entityId, at: element.Place);
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
        };
    }

    // The first language of each; an incomplete Organization is as good as none.
    private static Organization? ReadOrganization(XmlElement element)
    {
        LocalizedText? name = null;
        LocalizedText? displayName = null;
        LocalizedText? url = null;
        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "OrganizationName"u8))
                name ??= MetadataValues.Localized(child);
            else if (child.Is(XmlNamespace.Metadata, "OrganizationDisplayName"u8))
                displayName ??= MetadataValues.Localized(child);
            else if (child.Is(XmlNamespace.Metadata, "OrganizationURL"u8))
                url ??= MetadataValues.Localized(child);
        }
        displayName ??= name;
        name ??= displayName;
        return name is null || displayName is null
            ? null
            : new Organization(name.Text, displayName.Text, url?.Text ?? "", displayName.Language);
    }
}
