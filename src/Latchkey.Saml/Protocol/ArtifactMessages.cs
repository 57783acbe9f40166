namespace Latchkey.Saml.Protocol;

/// <summary>Asks for the message behind an artifact (saml-core-2.0 §3.5.1). By SOAP only.</summary>
public sealed record ArtifactResolve : SamlMessage
{
    /// <summary>The artifact.</summary>
    public required SamlArtifact Artifact { get; init; }
}

/// <summary>The message behind an artifact (saml-core-2.0 §3.5.2). By SOAP only.</summary>
public sealed record ArtifactResponse : SamlMessage
{
    /// <summary>The request it answers.</summary>
    public required string InResponseTo { get; init; }

    /// <summary>How it went. It is Success, without a message, also when the artifact is not known (saml-core-2.0 §3.5.3).</summary>
    public SamlStatus Status { get; init; } = SamlStatus.Success;

    /// <summary>The message: XML as a writer of this library made it; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }
}
