namespace Latchkey.Saml.Protocol;

/// <summary>A request to authenticate somebody (saml-core-2.0 §3.4.1).</summary>
public sealed record AuthnRequest : SamlMessage
{
    /// <summary>Where the Response is wanted, by address.</summary>
    public string? AssertionConsumerServiceUrl { get; init; }

    /// <summary>Where the Response is wanted, by index in the metadata.</summary>
    public int? AssertionConsumerServiceIndex { get; init; }

    /// <summary>Which attributes are wanted, by index of an AttributeConsumingService in the metadata.</summary>
    public int? AttributeConsumingServiceIndex { get; init; }

    /// <summary>The binding wanted for the Response, a URI of <see cref="SamlBindings"/>.</summary>
    public string? ProtocolBinding { get; init; }

    /// <summary>Whether the person has to prove anew who they are.</summary>
    public bool ForceAuthn { get; init; }

    /// <summary>Whether nothing may be shown to the person.</summary>
    public bool IsPassive { get; init; }

    /// <summary>The service provider's name for people.</summary>
    public string? ProviderName { get; init; }

    /// <summary>The person that the assertion has to be about, if it has to be one person (saml-core-2.0 §3.4.1).</summary>
    public NameId? Subject { get; init; }

    /// <summary>The wish for a NameID, if any.</summary>
    public NameIdPolicy? NameIdPolicy { get; init; }

    /// <summary>The wish for the assertion's conditions, if any. The identity provider decides (saml-core-2.0 §3.4.1).</summary>
    public Conditions? Conditions { get; init; }

    /// <summary>The wish for a way of authenticating, if any.</summary>
    public RequestedAuthnContext? RequestedAuthnContext { get; init; }

    /// <summary>Whom else may be asked, and who asks, if said.</summary>
    public Scoping? Scoping { get; init; }
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

/// <summary>Whom else may be asked, and who asks (saml-core-2.0 §3.4.1.2).</summary>
public sealed record Scoping
{
    /// <summary>How many identity providers the request may pass through; null for any number.</summary>
    public int? ProxyCount { get; init; }

    /// <summary>The identity providers that may answer; empty for any.</summary>
    public IReadOnlyList<IdentityProviderEntry> IdentityProviders { get; init; } = [];

    /// <summary>Where a longer list of them is, if said. It is never fetched.</summary>
    public string? GetComplete { get; init; }

    /// <summary>Entity IDs of those for whom the sender asks.</summary>
    public IReadOnlyList<string> RequesterIds { get; init; } = [];

    /// <summary>Whether this identity provider may answer: there is no list, or it is in it.</summary>
    public bool Allows(string identityProvider) =>
        IdentityProviders.Count == 0
        || IdentityProviders.Any(entry => entry.ProviderId == identityProvider);
}

/// <summary>An identity provider that may answer (saml-core-2.0 §3.4.1.3.1).</summary>
/// <param name="ProviderId">Its entity ID.</param>
/// <param name="Name">Its name for people, if said.</param>
/// <param name="Location">Its address, if said. Nothing is ever sent to it.</param>
public sealed record IdentityProviderEntry(
    string ProviderId,
    string? Name = null,
    string? Location = null
);
