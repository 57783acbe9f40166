namespace Latchkey.Saml.Metadata;

/// <summary>The algorithms that an entity or a role can handle, in order of preference (sstc-saml-metadata-algsupport-v1.0).</summary>
public sealed record AlgorithmSupport
{
    /// <summary>URIs of digests.</summary>
    public IReadOnlyList<string> DigestMethods { get; init; } = [];

    /// <summary>Signatures.</summary>
    public IReadOnlyList<SigningMethod> SigningMethods { get; init; } = [];

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => DigestMethods.Count == 0 && SigningMethods.Count == 0;
}

/// <summary>A signature algorithm with the lengths of key that are handled (sstc-saml-metadata-algsupport-v1.0 §2.3).</summary>
/// <param name="Algorithm">Its URI.</param>
/// <param name="MinKeySize">Bits, if said.</param>
/// <param name="MaxKeySize">Bits, if said.</param>
public sealed record SigningMethod(
    string Algorithm,
    int? MinKeySize = null,
    int? MaxKeySize = null
);

/// <summary>A way to encrypt for a key (saml-metadata-2.0 §2.4.1.1, xmlenc-core1 §3.2).</summary>
/// <param name="Algorithm">URI of a block cipher or of a key transport.</param>
/// <param name="KeySize">Bits, if said.</param>
/// <param name="DigestMethod">URI of the digest of RSA-OAEP, if said.</param>
/// <param name="MaskGeneration">URI of the mask generation function of RSA-OAEP, if said.</param>
public sealed record EncryptionMethod(
    string Algorithm,
    int? KeySize = null,
    string? DigestMethod = null,
    string? MaskGeneration = null
);
