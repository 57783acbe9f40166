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

    /// <summary>Whether the pair was made elsewhere and handed over (J-38): whoever did has the private key too.</summary>
    public bool Uploaded { get; init; }

    public required DateTimeOffset NotBefore { get; init; }
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>
    /// From when on it signs; null while nobody has said. Of an application's certificates the one signs that was the
    /// last to begin: see <see cref="CertificateSet"/>.
    /// </summary>
    public DateTimeOffset? SignsFrom { get; set; }

    /// <summary>Whether <see cref="SignsFrom"/> is a plan of which nobody has told yet that it came true; see <see cref="PlannedSwitches"/>.</summary>
    public bool SwitchPlanned { get; set; }

    /// <summary>When the metadata stops naming it; null while it is the last that is to sign.</summary>
    public DateTimeOffset? RetireAt { get; set; }

    /// <summary>How many signatures were made with it, to the last minute of every node (rule I6).</summary>
    public long Signatures { get; init; }

    /// <summary>The last distance to its end, in days, at which people were told; null before the first.</summary>
    public int? ToldDays { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
