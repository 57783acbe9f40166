using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata.Aggregates;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>What an aggregate says of itself.</summary>
/// <param name="Entities">How many entities it holds, usable or not.</param>
/// <param name="Name">What the publisher calls it, if said.</param>
/// <param name="ValidUntil">When all of it stops being valid, if said.</param>
/// <param name="CacheDuration">How long it may be kept before it is fetched again, if said.</param>
public sealed record AggregateSummary(
    int Entities,
    string? Name,
    DateTimeOffset? ValidUntil,
    TimeSpan? CacheDuration
);

/// <summary>
/// Reads a federation's file of any size from a stream, in one pass, holding one entity at a time. Limits
/// (<see cref="MetadataRules.Limits"/>) hold for each entity; a bound on the whole belongs to whoever opens the stream.
/// A file of a single entity is read as well.
/// </summary>
/// <remarks>
/// A signature is checked over the whole while it passes by: each entity is read, brought into canonical form, and added to
/// the digest. What was asked for is kept as those canonical octets and read from them, once the digest has come out right.
/// IDs are compared within each entity and with those of the elements around it, which is all that a reference can reach here.
/// </remarks>
public static class MetadataAggregate
{
    /// <summary>Finds one entity by its entity ID.</summary>
    /// <param name="metadata">The aggregate; read to its end.</param>
    /// <param name="entityId">The entity ID, compared exactly.</param>
    /// <param name="rules">What the metadata has to fulfil.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<Verdict<EntityDescriptor>> FindAsync(
        Stream metadata,
        string entityId,
        MetadataRules rules,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        ArgumentNullException.ThrowIfNull(rules);
        rules = rules with { EntityId = entityId };
        var findings = new FindingList();
        using var reading = new AggregateReading(metadata, rules, each: null, findings);
        await reading.ReadAsync(cancellationToken);
        if (reading.Single is { } single && !findings.Refused)
            return MetadataQuery.Read(single, entityId, rules);
        if (!findings.Refused && reading.Kept.Count == 0)
            findings.Add(
                FindingKinds.MetadataEntityMissing,
                entityId,
                $"{reading.Entities} others",
                "the whole aggregate"
            );
        return findings.Refused
            ? Verdict<EntityDescriptor>.Refuse(findings.Items)
            : Understand(reading, rules, findings);
    }

    /// <summary>Reads the whole and says what it is: with <see cref="MetadataRules.Keys"/>, whether it is what its publisher signed.</summary>
    /// <param name="metadata">The aggregate; read to its end.</param>
    /// <param name="rules">What the metadata has to fulfil.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task<Verdict<AggregateSummary>> CheckAsync(
        Stream metadata,
        MetadataRules rules,
        CancellationToken cancellationToken = default
    ) => SummarizeAsync(metadata, rules, each: null, cancellationToken);

    /// <summary>Shows every usable entity, one after the other, for a list to choose from. Nothing is verified, so there can be no keys.</summary>
    /// <param name="metadata">The aggregate; read to its end.</param>
    /// <param name="rules">What the metadata has to fulfil, without keys.</param>
    /// <param name="each">Is given each entity.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The rules have keys: what is shown along the way could not be believed yet.</exception>
    public static Task<Verdict<AggregateSummary>> ListAsync(
        Stream metadata,
        MetadataRules rules,
        Action<EntityDescriptor> each,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(each);
        if (rules.Keys is not null)
            throw new ArgumentException("A list is read unverified; check first.", nameof(rules));
        return SummarizeAsync(metadata, rules, each, cancellationToken);
    }

    private static async Task<Verdict<AggregateSummary>> SummarizeAsync(
        Stream metadata,
        MetadataRules rules,
        Action<EntityDescriptor>? each,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(rules);
        rules = rules with { EntityId = null };
        var findings = new FindingList();
        using var reading = new AggregateReading(
            metadata,
            rules,
            each is null
                ? null
                : (element, around) =>
                {
                    if (
                        EntityReader.ReadAmongOthers(element, around, rules.Now, findings) is
                        { } entity
                    )
                        each(entity);
                },
            findings
        );
        await reading.ReadAsync(cancellationToken);
        if (findings.Refused)
            return Verdict<AggregateSummary>.Refuse(findings.Items);
        if (reading.Single is { } single)
            return OfSingle(single, rules, each);
        if (reading.Entities == 0)
        {
            findings.Add(
                FindingKinds.MetadataRoleMissing,
                "md:IDPSSODescriptor or md:SPSSODescriptor",
                at: "the whole aggregate"
            );
            return Verdict<AggregateSummary>.Refuse(findings.Items);
        }
        return Verdict<AggregateSummary>.Accept(
            new AggregateSummary(
                reading.Entities,
                reading.Name,
                reading.Validity.Until,
                reading.Validity.CacheDuration
            ),
            findings.Items
        );
    }

    private static Verdict<AggregateSummary> OfSingle(
        byte[] single,
        MetadataRules rules,
        Action<EntityDescriptor>? each
    )
    {
        var verdict = MetadataReader.Read(single, rules);
        if (!verdict.Accepted)
            return Verdict<AggregateSummary>.Refuse(verdict.Findings);
        var entity = verdict.Value.Entities[0];
        each?.Invoke(entity);
        return Verdict<AggregateSummary>.Accept(
            new AggregateSummary(1, Name: null, entity.ValidUntil, entity.CacheDuration),
            verdict.Findings
        );
    }

    // Read like a document that just arrived: with a signature these are the very octets that went into its digest.
    private static Verdict<EntityDescriptor> Understand(
        AggregateReading reading,
        MetadataRules rules,
        FindingList findings
    )
    {
        var document = reading.Kept[0];
        using var tape = Tape.Read(document, rules.Limits ?? MessageLimits.Default, findings);
        if (tape is null)
            return Verdict<EntityDescriptor>.Refuse(findings.Items);
        if (!reading.IsStable(tape.Root, document))
        {
            findings.Add(FindingKinds.CanonicalFormUnstable, at: tape.Root.Place);
            return Verdict<EntityDescriptor>.Refuse(findings.Items);
        }
        var element = AggregateReading.EntityOf(tape.Root, findings, out var around);
        var entity = EntityReader.Read(element, around, rules.Now, findings);
        if (entity is not null && entity.EntityId != rules.EntityId)
            findings.Add(
                FindingKinds.MetadataEntityMissing,
                rules.EntityId,
                entity.EntityId,
                "the root element"
            );
        return entity is null || findings.Refused
            ? Verdict<EntityDescriptor>.Refuse(findings.Items)
            : Verdict<EntityDescriptor>.Accept(entity, findings.Items);
    }
}
