namespace Latchkey.Saml.Keys;

/// <summary>The signature algorithms that can be written. Reading has an allow list of its own (rule S3).</summary>
public enum SignatureAlgorithm
{
    /// <summary>RSA PKCS#1 v1.5 with SHA-256: what every service provider understands.</summary>
    RsaSha256,

    /// <summary>RSA PKCS#1 v1.5 with SHA-384.</summary>
    RsaSha384,

    /// <summary>RSA PKCS#1 v1.5 with SHA-512.</summary>
    RsaSha512,
}
