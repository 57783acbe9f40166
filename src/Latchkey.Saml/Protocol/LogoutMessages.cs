namespace Latchkey.Saml.Protocol;

/// <summary>A request to end somebody's sessions (saml-core-2.0 §3.7.1). Always signed (rule B3).</summary>
public sealed record LogoutRequest : SamlMessage
{
    /// <summary>Whose: exactly as the assertion named the person (rule P8).</summary>
    public required NameId NameId { get; init; }

    /// <summary>Which sessions, by the SessionIndex of their assertions; empty means all of the person's.</summary>
    public IReadOnlyList<string> SessionIndexes { get; init; } = [];

    /// <summary>Why, one of <see cref="LogoutReasons"/> or another URI, if said.</summary>
    public string? Reason { get; init; }

    /// <summary>When the request stops being valid, if said.</summary>
    public DateTimeOffset? NotOnOrAfter { get; init; }

    /// <summary>Whether the sender waits for no answer (saml-async-slo-v1.0).</summary>
    public bool Asynchronous { get; init; }
}

/// <summary>The answer to a <see cref="LogoutRequest"/> (saml-core-2.0 §3.7.2). Always signed (rule B3).</summary>
public sealed record LogoutResponse : SamlMessage
{
    /// <summary>The request it answers.</summary>
    public required string InResponseTo { get; init; }

    /// <summary>How it went.</summary>
    public required SamlStatus Status { get; init; }
}
