namespace Latchkey.Saml.Protocol;

/// <summary>Under which conditions an assertion holds, or is wished to hold (saml-core-2.0 §2.5).</summary>
public sealed record Conditions
{
    /// <summary>Start of validity, if said.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>End of validity, if said.</summary>
    public DateTimeOffset? NotOnOrAfter { get; init; }

    /// <summary>Entity IDs of those it is for, of all AudienceRestrictions together.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Whether it is to be used at once and not kept (saml-core-2.0 §2.5.1.5).</summary>
    public bool OneTimeUse { get; init; }

    /// <summary>How others may issue assertions on the strength of it, if said.</summary>
    public ProxyRestriction? ProxyRestriction { get; init; }
}

/// <summary>How others may issue assertions on the strength of one (saml-core-2.0 §2.5.1.6).</summary>
/// <param name="Count">Over how many steps; 0 for none, null for any number.</param>
/// <param name="Audiences">For whom only; empty for anybody.</param>
public sealed record ProxyRestriction(int? Count, IReadOnlyList<string> Audiences);

/// <summary>Where somebody signed in from, as the identity provider saw it (saml-core-2.0 §2.7.2.1). For logs only.</summary>
/// <param name="Address">The network address, if said.</param>
/// <param name="DnsName">The host name, if said.</param>
public sealed record SubjectLocality(string? Address, string? DnsName);
