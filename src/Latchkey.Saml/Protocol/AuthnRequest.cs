namespace Latchkey.Saml.Protocol;

/// <summary>A request to authenticate somebody (saml-core-2.0 §3.4.1).</summary>
public sealed record AuthnRequest
{
    /// <summary>The message's identifier, an NCName.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset IssueInstant { get; init; }

    /// <summary>The service provider's entity ID.</summary>
    public required string Issuer { get; init; }

    /// <summary>The address it was sent to, if said.</summary>
    public string? Destination { get; init; }

    /// <summary>Where the Response is wanted, by address.</summary>
    public string? AssertionConsumerServiceUrl { get; init; }

    /// <summary>Where the Response is wanted, by index in the metadata.</summary>
    public int? AssertionConsumerServiceIndex { get; init; }

    /// <summary>The binding wanted for the Response, a URI of <see cref="SamlBindings"/>.</summary>
    public string? ProtocolBinding { get; init; }

    /// <summary>Whether the person has to prove anew who they are.</summary>
    public bool ForceAuthn { get; init; }

    /// <summary>Whether nothing may be shown to the person.</summary>
    public bool IsPassive { get; init; }

    /// <summary>The service provider's name for people.</summary>
    public string? ProviderName { get; init; }

    /// <summary>The wish for a NameID, if any.</summary>
    public NameIdPolicy? NameIdPolicy { get; init; }

    /// <summary>The wish for a way of authenticating, if any.</summary>
    public RequestedAuthnContext? RequestedAuthnContext { get; init; }
}

/// <summary>The wish for a NameID (saml-core-2.0 §3.4.1.1).</summary>
/// <param name="Format">The wanted format; null leaves it open.</param>
/// <param name="AllowCreate">Whether a new identifier may be made.</param>
/// <param name="SpNameQualifier">In whose domain of names.</param>
public sealed record NameIdPolicy(
    string? Format = null,
    bool AllowCreate = false,
    string? SpNameQualifier = null
);

/// <summary>The wish for a way of authenticating (saml-core-2.0 §3.3.2.2.1).</summary>
/// <param name="ClassRefs">Authentication context classes, in order of preference.</param>
/// <param name="Comparison">How they are meant.</param>
public sealed record RequestedAuthnContext(
    IReadOnlyList<string> ClassRefs,
    AuthnContextComparison Comparison = AuthnContextComparison.Exact
);

/// <summary>How requested authentication contexts are meant.</summary>
public enum AuthnContextComparison
{
    /// <summary>One of them.</summary>
    Exact,

    /// <summary>At least as strong.</summary>
    Minimum,

    /// <summary>At most as strong.</summary>
    Maximum,

    /// <summary>Stronger.</summary>
    Better,
}
