using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Responses;

/// <summary>What the service provider expects of a Response.</summary>
public sealed record ResponseRules
{
    /// <summary>Our own entity ID: the Audience.</summary>
    public required string ServiceProviderEntityId { get; init; }

    /// <summary>Our own assertion consumer service: Destination and Recipient.</summary>
    public required string AssertionConsumerServiceUrl { get; init; }

    /// <summary>The expected identity provider.</summary>
    public required string IdentityProviderEntityId { get; init; }

    /// <summary>The identity provider's signing keys, from configuration only (rule S4); every one is tried.</summary>
    public required IReadOnlyList<VerificationKey> Keys { get; init; }

    /// <summary>The pending request's ID; null when none is pending in this browser.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether a Response without a request is accepted (rule P1).</summary>
    public bool AllowUnsolicited { get; init; }

    /// <summary>Which signatures are demanded; null accepts either one and verifies all that are there (rule S10).</summary>
    public SignedParts? RequiredSignatures { get; init; }

    /// <summary>Whether signatures and digests with SHA-1 pass, with a warning (rule S3). For peers that cannot do better.</summary>
    public bool AllowSha1 { get; init; }

    /// <summary>Our own keys for what is encrypted for us; every one is tried. Empty refuses encrypted messages.</summary>
    public IReadOnlyList<DecryptionKey> DecryptionKeys { get; init; } = [];

    /// <summary>Whether AES-CBC is decrypted, and then only where a verified signature covers the ciphertext (rule E2).</summary>
    public bool AllowCbc { get; init; }

    /// <summary>The authentication context classes that are accepted; empty accepts every one (rule P6).</summary>
    public IReadOnlyList<string> AcceptedAuthnContexts { get; init; } = [];

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How far the clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Bounds on the message.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}
