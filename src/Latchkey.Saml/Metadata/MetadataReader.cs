using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
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
    /// <summary>The default bounds: a federation's file holds thousands of entities where a message holds one. A larger one is for <see cref="MetadataAggregate"/>.</summary>
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
    ) => Read(xml, new MetadataRules { Now = now, Limits = limits });

    /// <summary>Reads an EntityDescriptor or an EntitiesDescriptor that has to fulfil the rules.</summary>
    /// <param name="xml">The file.</param>
    /// <param name="rules">What it has to fulfil; with <see cref="MetadataRules.Keys"/> the facts come from signed octets only.</param>
    /// <returns>The entities that can be used, with warnings about what was left out; or why there are none.</returns>
    public static Verdict<MetadataDocument> Read(ReadOnlyMemory<byte> xml, MetadataRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        var limits = rules.Limits ?? DefaultLimits;
        using var tape = Tape.Read(xml.Span, limits, findings);
        if (tape is null)
            return Verdict<MetadataDocument>.Refuse(findings.Items);
        if (rules.Keys is null)
            return Understand(tape.Root, rules, findings);
        using var verified = MetadataSignature.Verify(tape.Root, rules.Keys, limits, findings);
        return verified is null
            ? Verdict<MetadataDocument>.Refuse(findings.Items)
            : Understand(verified.Root, rules, findings);
    }

    private static Verdict<MetadataDocument> Understand(
        XmlElement root,
        MetadataRules rules,
        FindingList findings
    )
    {
        List<EntityDescriptor> entities = [];
        if (root.Is(XmlNamespace.Metadata, "EntityDescriptor"u8))
        {
            Validity
                .Read(root, Validity.Unlimited, new FindingList())
                .Demand(root, rules, findings);
            if (EntityReader.Read(root, Validity.Unlimited, rules.Now, findings) is { } entity)
                entities.Add(entity);
        }
        else if (root.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
        {
            Validity
                .Read(root, Validity.Unlimited, new FindingList())
                .Demand(root, rules, findings);
            ReadChoice(root, rules.Now, findings, entities);
        }
        else
            findings.Add(
                FindingKinds.MetadataExpected,
                expected: "md:EntityDescriptor or md:EntitiesDescriptor",
                found: root.Name,
                at: root.Place
            );

        if (!findings.Refused && entities.Count == 0)
            findings.Add(
                FindingKinds.MetadataRoleMissing,
                "md:IDPSSODescriptor or md:SPSSODescriptor",
                at: root.Place
            );
        if (!findings.Refused && rules.EntityId is { } wanted)
            Choose(wanted, entities, root, findings);
        return findings.Refused
            ? Verdict<MetadataDocument>.Refuse(findings.Items)
            : Verdict<MetadataDocument>.Accept(new MetadataDocument(entities), findings.Items);
    }

    private static void Choose(
        string wanted,
        List<EntityDescriptor> entities,
        XmlElement root,
        FindingList findings
    )
    {
        var found = entities.Count == 1 ? entities[0].EntityId : $"{entities.Count} others";
        entities.RemoveAll(entity => entity.EntityId != wanted);
        if (entities.Count == 0)
            findings.Add(FindingKinds.MetadataEntityMissing, wanted, found, root.Place);
        else if (entities.Count > 1)
            findings.Add(FindingKinds.MetadataEntityTwice, "one entity", wanted, root.Place);
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
        var validity = Validity.Read(element, around, findings);
        validity.Demand(element, now, findings);
        if (findings.Refused)
            return;

        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
                ReadChoice(child, now, findings, entities, validity);
            else if (
                child.Is(XmlNamespace.Metadata, "EntityDescriptor"u8)
                && EntityReader.ReadAmongOthers(child, validity, now, findings) is { } entity
            )
                entities.Add(entity);
        }
    }
}
