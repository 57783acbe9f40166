using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Messages;

/// <summary>What the receiver of a message knows of the peer it claims to come from.</summary>
public sealed record MessageRules
{
    /// <summary>The peer's entity ID, compared exactly.</summary>
    public required string PeerEntityId { get; init; }

    /// <summary>Our own address that the message arrived at: what Destination must be, if present.</summary>
    public required string Destination { get; init; }

    /// <summary>The peer's signing keys, from configuration only (rule S4); every one is tried.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; init; } = [];

    /// <summary>Whether an unsigned AuthnRequest or ArtifactResolve is refused (rule I2). Unsigned logout messages always are (rule B3).</summary>
    public bool RequireSignature { get; init; }

    /// <summary>Whether signatures and digests with SHA-1 pass, with a warning (rule S3). For peers that cannot do better.</summary>
    public bool AllowSha1 { get; init; }

    /// <summary>Our own keys for what is encrypted for us; every one is tried. Empty refuses what is encrypted.</summary>
    public IReadOnlyList<DecryptionKey> DecryptionKeys { get; init; } = [];

    /// <summary>Whether AES-CBC is decrypted, and then only where a verified signature covers the ciphertext (rule E2).</summary>
    public bool AllowCbc { get; init; }

    /// <summary>The ID of the pending request that a response has to answer; null when none is pending.</summary>
    public string? RequestId { get; init; }

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How far the clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How old a message may be.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bounds on the message.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}

/// <summary>A message that was checked against what is known of its sender. Only a validator makes it.</summary>
public sealed class Received<T>
    where T : SamlMessage
{
    internal Received(T message, bool signed, string? relayState, string binding)
    {
        Message = message;
        Signed = signed;
        RelayState = relayState;
        Binding = binding;
    }

    /// <summary>The message; read from the verified bytes when it was signed.</summary>
    public T Message { get; }

    /// <summary>Whether a signature was present and verified.</summary>
    public bool Signed { get; }

    /// <summary>RelayState exactly as it arrived.</summary>
    public string? RelayState { get; }

    /// <summary>The binding it arrived by, a URI of <see cref="SamlBindings"/>.</summary>
    public string Binding { get; }
}
