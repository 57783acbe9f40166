using Latchkey.Saml.Keys;

namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>What this application knows of its identity provider, from configuration or metadata, never from a message (rule S4).</summary>
public sealed record Saml2IdentityProvider
{
    /// <summary>Its entity ID, compared exactly.</summary>
    public required string EntityId { get; init; }

    /// <summary>Where AuthnRequests go, by HTTP-Redirect.</summary>
    public required string SingleSignOnUrl { get; init; }

    /// <summary>Where LogoutRequests go, by HTTP-Redirect; null when it offers no single logout that way.</summary>
    public string? SingleLogoutUrl { get; init; }

    /// <summary>Where LogoutResponses go, by HTTP-Redirect, if elsewhere.</summary>
    public string? SingleLogoutResponseUrl { get; init; }

    /// <summary>Its signing keys; every one is tried.</summary>
    public required IReadOnlyList<VerificationKey> Keys { get; init; }

    /// <summary>Whether it wants AuthnRequests signed.</summary>
    public bool WantAuthnRequestsSigned { get; init; }
}
