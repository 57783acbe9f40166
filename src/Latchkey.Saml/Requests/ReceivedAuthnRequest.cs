using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Requests;

/// <summary>What the identity provider knows about the service provider an AuthnRequest claims to come from.</summary>
public sealed record AuthnRequestRules
{
    /// <summary>The service provider's entity ID, compared exactly.</summary>
    public required string ServiceProviderEntityId { get; init; }

    /// <summary>Our own single sign-on address: what Destination must be, if present.</summary>
    public required string Destination { get; init; }

    /// <summary>The service provider's signing keys; every one is tried.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; init; } = [];

    /// <summary>Whether an unsigned request is refused (rule I2).</summary>
    public bool RequireSignature { get; init; }

    /// <summary>Whether signatures and digests with SHA-1 pass, with a warning (rule S3). For peers that cannot do better.</summary>
    public bool AllowSha1 { get; init; }

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How far the clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How old a request may be.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bounds on the message.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}

/// <summary>An AuthnRequest that was checked against the service provider's registration. Only the validator makes it.</summary>
public sealed class ReceivedAuthnRequest
{
    internal ReceivedAuthnRequest(
        AuthnRequest message,
        bool signed,
        string? relayState,
        string binding
    )
    {
        Message = message;
        Signed = signed;
        RelayState = relayState;
        Binding = binding;
    }

    /// <summary>The request; read from the verified bytes when it was signed.</summary>
    public AuthnRequest Message { get; }

    /// <summary>Whether a signature was present and verified.</summary>
    public bool Signed { get; }

    /// <summary>RelayState exactly as it arrived.</summary>
    public string? RelayState { get; }

    /// <summary>The binding it arrived by, a URI of <see cref="SamlBindings"/>.</summary>
    public string Binding { get; }
}
