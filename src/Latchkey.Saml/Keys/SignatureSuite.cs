using System.Security.Cryptography;

namespace Latchkey.Saml.Keys;

/// <summary>What a <see cref="SignatureAlgorithm"/> is made of: its kind, its hash, and the URIs that name it (RFC 9231, xmldsig-core §6).</summary>
internal sealed record SignatureSuite(
    SignatureAlgorithm Algorithm,
    SignatureFamily Family,
    HashAlgorithmName Hash,
    int DigestLength,
    string SignatureUri,
    string DigestUri
)
{
    private const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private const string Sha384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
    private const string Sha512 = "http://www.w3.org/2001/04/xmlenc#sha512";
    private const string More = "http://www.w3.org/2001/04/xmldsig-more#";
    private const string More2007 = "http://www.w3.org/2007/05/xmldsig-more#";

    // In the order of the enumeration.
    private static readonly SignatureSuite[] Suites =
    [
        new(
            SignatureAlgorithm.RsaSha256,
            SignatureFamily.RsaPkcs1,
            HashAlgorithmName.SHA256,
            32,
            More + "rsa-sha256",
            Sha256
        ),
        new(
            SignatureAlgorithm.RsaSha384,
            SignatureFamily.RsaPkcs1,
            HashAlgorithmName.SHA384,
            48,
            More + "rsa-sha384",
            Sha384
        ),
        new(
            SignatureAlgorithm.RsaSha512,
            SignatureFamily.RsaPkcs1,
            HashAlgorithmName.SHA512,
            64,
            More + "rsa-sha512",
            Sha512
        ),
        new(
            SignatureAlgorithm.EcdsaSha256,
            SignatureFamily.Ecdsa,
            HashAlgorithmName.SHA256,
            32,
            More + "ecdsa-sha256",
            Sha256
        ),
        new(
            SignatureAlgorithm.EcdsaSha384,
            SignatureFamily.Ecdsa,
            HashAlgorithmName.SHA384,
            48,
            More + "ecdsa-sha384",
            Sha384
        ),
        new(
            SignatureAlgorithm.EcdsaSha512,
            SignatureFamily.Ecdsa,
            HashAlgorithmName.SHA512,
            64,
            More + "ecdsa-sha512",
            Sha512
        ),
        new(
            SignatureAlgorithm.RsaPssSha256,
            SignatureFamily.RsaPss,
            HashAlgorithmName.SHA256,
            32,
            More2007 + "sha256-rsa-MGF1",
            Sha256
        ),
        new(
            SignatureAlgorithm.RsaPssSha384,
            SignatureFamily.RsaPss,
            HashAlgorithmName.SHA384,
            48,
            More2007 + "sha384-rsa-MGF1",
            Sha384
        ),
        new(
            SignatureAlgorithm.RsaPssSha512,
            SignatureFamily.RsaPss,
            HashAlgorithmName.SHA512,
            64,
            More2007 + "sha512-rsa-MGF1",
            Sha512
        ),
        new(
            SignatureAlgorithm.RsaSha1,
            SignatureFamily.RsaPkcs1,
            HashAlgorithmName.SHA1,
            20,
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#sha1"
        ),
    ];

    /// <summary>RSA PKCS#1 v1.5 with SHA-1: read and written only where somebody chose it (rule S3).</summary>
    public static SignatureSuite RsaSha1 => Of(SignatureAlgorithm.RsaSha1);

    /// <summary>The longest digest of all suites, for buffers on the stack.</summary>
    public const int LongestDigest = 64;

    public static SignatureSuite Of(SignatureAlgorithm algorithm) =>
        Enum.IsDefined(algorithm)
            ? Suites[(int)algorithm]
            : throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, message: null);
}
