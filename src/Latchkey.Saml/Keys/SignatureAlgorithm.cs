namespace Latchkey.Saml.Keys;

/// <summary>The signature algorithms that can be written. The key has to be of their kind. Reading has an allow list of its own (rule S3).</summary>
public enum SignatureAlgorithm
{
    /// <summary>RSA PKCS#1 v1.5 with SHA-256: what every service provider understands.</summary>
    RsaSha256,

    /// <summary>RSA PKCS#1 v1.5 with SHA-384.</summary>
    RsaSha384,

    /// <summary>RSA PKCS#1 v1.5 with SHA-512.</summary>
    RsaSha512,

    /// <summary>ECDSA with SHA-256.</summary>
    EcdsaSha256,

    /// <summary>ECDSA with SHA-384.</summary>
    EcdsaSha384,

    /// <summary>ECDSA with SHA-512.</summary>
    EcdsaSha512,

    /// <summary>RSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.</summary>
    RsaPssSha256,

    /// <summary>RSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes.</summary>
    RsaPssSha384,

    /// <summary>RSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64 bytes.</summary>
    RsaPssSha512,

    /// <summary>RSA PKCS#1 v1.5 with SHA-1, broken since 2017: only for a service provider that knows nothing better, and never a default (J-14, rule S3).</summary>
    RsaSha1,
}
