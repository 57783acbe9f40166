namespace Latchkey.Server.Certificates;

/// <summary>A signing key pair of one application (J-20, J-37). The private key is encrypted at rest and never read back through a page or the API.</summary>
internal sealed class ApplicationCertificate
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid ApplicationId { get; init; }

    /// <summary>DER.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>PKCS#8, protected by Data Protection.</summary>
    public required byte[] ProtectedPrivateKey { get; init; }

    public required DateTimeOffset NotBefore { get; init; }
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The one that signs now; at most one an application.</summary>
    public bool Active { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
