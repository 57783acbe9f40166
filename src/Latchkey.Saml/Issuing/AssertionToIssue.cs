using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Issuing;

/// <summary>What an Assertion shall say about one person to one service provider (saml-profiles-2.0 §4.1.4.2).</summary>
public sealed record AssertionToIssue
{
    /// <summary>The assertion's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The service provider's entity ID: the only Audience.</summary>
    public required string Audience { get; init; }

    /// <summary>Who it is about; null for an assertion without NameID.</summary>
    public required NameId? NameId { get; init; }

    /// <summary>Start of validity.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End of validity, of the conditions and of the bearer confirmation.</summary>
    public required DateTimeOffset NotOnOrAfter { get; init; }

    /// <summary>When the person proved who they are.</summary>
    public required DateTimeOffset AuthnInstant { get; init; }

    /// <summary>Names the session in a later logout.</summary>
    public required string SessionIndex { get; init; }

    /// <summary>When the service provider should end its session, if said.</summary>
    public DateTimeOffset? SessionNotOnOrAfter { get; init; }

    /// <summary>How the person proved who they are.</summary>
    public required string AuthnContextClassRef { get; init; }

    /// <summary>Where the person signed in from, if it is to be said.</summary>
    public SubjectLocality? SubjectLocality { get; init; }

    /// <summary>Entity IDs of identity providers behind this one that took part, in order.</summary>
    public IReadOnlyList<string> AuthenticatingAuthorities { get; init; } = [];

    /// <summary>Whether the service provider is to use it at once and not keep it.</summary>
    public bool OneTimeUse { get; init; }

    /// <summary>How others may issue assertions on the strength of it, if said.</summary>
    public ProxyRestriction? ProxyRestriction { get; init; }

    /// <summary>What else is said about the person, in order.</summary>
    public IReadOnlyList<SamlAttribute> Attributes { get; init; } = [];
}
