using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Issuing;

/// <summary>How an Assertion is encrypted for one service provider (saml-core-2.0 §2.3.4).</summary>
/// <param name="Key">A key for encryption from the service provider's metadata.</param>
public sealed record AssertionEncryption(EncryptionKey Key)
{
    /// <summary>The cipher for the assertion.</summary>
    public ContentEncryption Content { get; init; } = ContentEncryption.Aes256Gcm;

    /// <summary>How the cipher's key travels.</summary>
    public KeyEncryption KeyTransport { get; init; } = KeyEncryption.RsaOaepMgf1p;
}

/// <summary>Ciphers for content (xmlenc-core1 §5.2). Each assertion gets a key of its own.</summary>
public enum ContentEncryption
{
    /// <summary>AES-GCM with a key of 256 bits.</summary>
    Aes256Gcm,

    /// <summary>AES-GCM with a key of 128 bits.</summary>
    Aes128Gcm,

    /// <summary>AES-CBC with a key of 256 bits, for service providers that know nothing better. Only in a signed Response (rule E2).</summary>
    Aes256Cbc,

    /// <summary>AES-CBC with a key of 128 bits, for service providers that know nothing better. Only in a signed Response (rule E2).</summary>
    Aes128Cbc,
}

/// <summary>Ways for a content key to travel (xmlenc-core1 §5.5.2).</summary>
public enum KeyEncryption
{
    /// <summary>RSA-OAEP by its name of xmlenc 1.0, with SHA-1 for digest and mask: what every service provider understands (saml2int 2.0 SDP-ALG). SHA-1's collisions play no part here.</summary>
    RsaOaepMgf1p,

    /// <summary>RSA-OAEP by its name of xmlenc 1.1, with SHA-256 for digest and mask.</summary>
    RsaOaepSha256,

    /// <summary>RSA-OAEP by its name of xmlenc 1.0, with SHA-256 for the digest and SHA-1 for the mask.</summary>
    RsaOaepMgf1pSha256,

    /// <summary>RSA-OAEP by its name of xmlenc 1.1, with SHA-1 for digest and mask.</summary>
    RsaOaepSha1,

    /// <summary>RSA-OAEP by its name of xmlenc 1.1, with SHA-256 for the digest and SHA-1 for the mask.</summary>
    RsaOaepSha256MaskSha1,

    /// <summary>RSA-OAEP by its name of xmlenc 1.1, with SHA-1 for the digest and SHA-256 for the mask.</summary>
    RsaOaepSha1MaskSha256,
}
