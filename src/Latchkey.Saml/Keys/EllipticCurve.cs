namespace Latchkey.Saml.Keys;

/// <summary>The elliptic curves that signing keys may lie on (FIPS 186-5, rule S3).</summary>
public enum EllipticCurve
{
    /// <summary>NIST P-256, also called secp256r1 and prime256v1.</summary>
    P256,

    /// <summary>NIST P-384, also called secp384r1.</summary>
    P384,

    /// <summary>NIST P-521, also called secp521r1.</summary>
    P521,
}
