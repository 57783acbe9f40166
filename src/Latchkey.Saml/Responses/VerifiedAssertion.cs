using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Responses;

/// <summary>Facts read from bytes whose signature verified. Only the validator makes it.</summary>
public sealed class VerifiedAssertion
{
    internal VerifiedAssertion() { }

    /// <summary>The assertion's identifier: the key of the replay cache together with <see cref="Issuer"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The identity provider's entity ID.</summary>
    public required string Issuer { get; init; }

    /// <summary>Who it is about; null when the assertion names nobody.</summary>
    public required NameId? NameId { get; init; }

    /// <summary>The request it answers; null when unsolicited.</summary>
    public required string? InResponseTo { get; init; }

    /// <summary>When the person proved who they are.</summary>
    public required DateTimeOffset AuthnInstant { get; init; }

    /// <summary>How the person proved who they are, if said.</summary>
    public required string? AuthnContextClassRef { get; init; }

    /// <summary>Names the session in a later logout, if said.</summary>
    public required string? SessionIndex { get; init; }

    /// <summary>When our session has to end, if said.</summary>
    public required DateTimeOffset? SessionNotOnOrAfter { get; init; }

    /// <summary>Where the person signed in from, as the identity provider saw it, if said.</summary>
    public required SubjectLocality? SubjectLocality { get; init; }

    /// <summary>Entity IDs of identity providers behind this one that took part, in order.</summary>
    public required IReadOnlyList<string> AuthenticatingAuthorities { get; init; }

    /// <summary>Whether it is to be used at once and not kept. The replay cache sees to it that it is used once (rule P7).</summary>
    public required bool OneTimeUse { get; init; }

    /// <summary>How assertions may be issued on the strength of this one, if said.</summary>
    public required ProxyRestriction? ProxyRestriction { get; init; }

    /// <summary>When the assertion can no longer be used: how long its ID has to be remembered, skew not included.</summary>
    public required DateTimeOffset NotOnOrAfter { get; init; }

    /// <summary>The attributes in order; a name may appear more than once.</summary>
    public required IReadOnlyList<SamlAttribute> Attributes { get; init; }
}
