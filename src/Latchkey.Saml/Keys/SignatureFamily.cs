namespace Latchkey.Saml.Keys;

/// <summary>The kinds of signature. The key has to be of the kind that the algorithm names (rule S3).</summary>
internal enum SignatureFamily
{
    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    RsaPkcs1,

    /// <summary>RSASSA-PSS; MGF1 with the same hash, a salt as long as the hash (RFC 9231 §2.3.10).</summary>
    RsaPss,

    /// <summary>ECDSA; r and s at full length one behind the other (RFC 9231 §2.3.6).</summary>
    Ecdsa,
}
