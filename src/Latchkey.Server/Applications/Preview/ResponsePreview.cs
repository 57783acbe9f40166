using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;

namespace Latchkey.Server.Applications.Preview;

/// <summary>One attribute of the table: what is sent, what is expected.</summary>
/// <param name="Values">Empty where nothing is sent.</param>
/// <param name="Demanded">Null where the service provider is not known to read it.</param>
internal sealed record PreviewAttribute(
    string Name,
    IReadOnlyList<string> Values,
    DemandedAttribute? Demanded
);

/// <summary>What a sign-in of one person would send, and what would become of it.</summary>
internal sealed record ResponsePreview
{
    public required User User { get; init; }

    /// <summary>Whether the person is let in, and through what.</summary>
    public required AccessAnswer Access { get; init; }

    public required ServiceProviderDemands Demands { get; init; }

    /// <summary>What keeps this server from sending it.</summary>
    public required IReadOnlyList<Objection> Here { get; init; }

    /// <summary>What the service provider would have against it.</summary>
    public required IReadOnlyList<Objection> There { get; init; }

    /// <summary>Null where there is nothing to say, because the NameID is empty.</summary>
    public NameId? NameId { get; init; }

    /// <summary>Whether the pseudonym shown stands for one that the first sign-in makes.</summary>
    public bool PseudonymPending { get; init; }

    public string? AuthnContext { get; init; }
    public string? Destination { get; init; }
    public string? Audience { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? NotOnOrAfter { get; init; }
    public DateTimeOffset? SessionNotOnOrAfter { get; init; }
    public IReadOnlyList<PreviewAttribute> Attributes { get; init; } = [];

    /// <summary>Whether the real one is encrypted on its way; shown is what is inside.</summary>
    public bool Encrypted { get; init; }

    /// <summary>Indented, without signature values and certificates; null where none could be written.</summary>
    public string? Xml { get; init; }

    public bool WouldBeSent => !Here.Any(o => o.Refuses);

    public bool WouldBeAccepted => !There.Any(o => o.Refuses);
}
