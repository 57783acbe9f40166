using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Applications.Preview;

/// <summary>One attribute that the service provider is known to read.</summary>
/// <param name="Required">Sign-in fails without it.</param>
/// <param name="ForNewAccounts">New accounts are not made without it.</param>
/// <param name="Joined">Whether the names of groups have to stand in one value.</param>
/// <param name="Pattern">A regular expression that each whole value has to match.</param>
internal sealed record DemandedAttribute(
    string Name,
    bool Required,
    bool ForNewAccounts = false,
    bool Joined = false,
    string? Pattern = null
)
{
    /// <summary>Whether a value has the form that is asked for.</summary>
    public bool Fits(string value) => Pattern is null || ConnectorPattern.Matches(Pattern, value);
}

/// <summary>
/// What the service provider expects of a Response, as far as its connector and its metadata say; where they are silent,
/// what was stored for it. Our own validator stands in for it with these.
/// </summary>
internal sealed record ServiceProviderDemands
{
    /// <summary>The connector, where the demands rest on one.</summary>
    public required Connector? Connector { get; init; }

    public required string EntityId { get; init; }

    /// <summary>Where it takes Responses: Destination and Recipient.</summary>
    public required string ConsumerUrl { get; init; }

    /// <summary>Null where either signature will do.</summary>
    public required SignedParts? Signatures { get; init; }

    /// <summary>Null where nobody knows.</summary>
    public required string? NameIdFormat { get; init; }

    public required IReadOnlyList<DemandedAttribute> Attributes { get; init; }

    public static ServiceProviderDemands Of(
        Application application,
        IndexedEndpoint consumer,
        Connector? connector
    )
    {
        var sp = connector?.ServiceProvider;
        string? Filled(string? template) =>
            template is null
                ? null
                : ConnectorTemplate.Fill(template, application.ConnectorVariables);
        var consumers = sp?.AcsUrls.Select(Filled).OfType<string>().ToList() ?? [];
        // Where it may have other shapes of address, which one this customer has is for the administrator to know.
        var entityIdFixed = sp is { EntityIdAlternatives.Count: 0 };
        var consumerFixed = sp is { AcsUrlAlternatives.Count: 0 } && consumers.Count > 0;
        return new ServiceProviderDemands
        {
            Connector = connector,
            EntityId = (entityIdFixed ? Filled(sp!.EntityId) : null) ?? application.SpEntityId,
            ConsumerUrl =
                consumerFixed && !consumers.Contains(consumer.Location)
                    ? consumers[0]
                    : consumer.Location,
            Signatures =
                connector?.Sign
                ?? (application.WantAssertionsSigned ? SignedParts.Assertion : null),
            NameIdFormat = connector?.NameId?.Format,
            Attributes =
            [
                .. (connector?.Attributes ?? []).Select(a => new DemandedAttribute(
                    a.Name,
                    a.Required || application.RequiredAttributes.Contains(a.Name),
                    a.RequiredForJit,
                    a is { Kind: AttributeKind.Groups, Groups: GroupValues.Joined },
                    a.ValuePattern
                )),
                .. application
                    .RequiredAttributes.Where(name => connector?.Attribute(name) is null)
                    .Select(name => new DemandedAttribute(name, Required: true)),
            ],
        };
    }

    /// <summary>What the service provider would have against the attributes and the NameID.</summary>
    public IEnumerable<Objection> Against(NameId nameId, IReadOnlyList<SamlAttribute> sent)
    {
        if (NameIdFormat is not null && nameId.Format != NameIdFormat)
        {
            yield return new("preview.name-id-format", Refuses: true, NameIdFormat, nameId.Format);
        }
        if (
            nameId.Format == NameIdFormats.EmailAddress
            && !nameId.Value.Contains('@', StringComparison.Ordinal)
        )
        {
            yield return new("preview.name-id-no-address", Refuses: true, nameId.Value);
        }
        foreach (var demanded in Attributes)
        {
            var values = sent.Where(a => a.Name == demanded.Name)
                .SelectMany(a => a.Values)
                .ToList();
            if (values.Count == 0)
            {
                if (demanded.Required || demanded.ForNewAccounts)
                {
                    yield return new(
                        demanded.Required ? "preview.missing" : "preview.missing-jit",
                        demanded.Required,
                        demanded.Name
                    );
                }
                continue;
            }
            if (demanded.Joined && values.Count > 1)
            {
                yield return new("preview.not-joined", Refuses: true, demanded.Name);
            }
            if (values.Find(value => !demanded.Fits(value)) is { } unfit)
            {
                yield return new("preview.unfit", Refuses: true, demanded.Name, unfit);
            }
        }
    }
}
