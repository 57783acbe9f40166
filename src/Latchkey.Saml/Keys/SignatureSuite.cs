using System.Security.Cryptography;

namespace Latchkey.Saml.Keys;

/// <summary>What a <see cref="SignatureAlgorithm"/> is made of: its hash, and the URIs that name it (RFC 9231, xmldsig-core §6).</summary>
internal sealed record SignatureSuite(
    HashAlgorithmName Hash,
    int DigestLength,
    string SignatureUri,
    string DigestUri
)
{
    private static readonly SignatureSuite RsaSha256 = new(
        HashAlgorithmName.SHA256,
        32,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256"
    );

    private static readonly SignatureSuite RsaSha384 = new(
        HashAlgorithmName.SHA384,
        48,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#sha384"
    );

    private static readonly SignatureSuite RsaSha512 = new(
        HashAlgorithmName.SHA512,
        64,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2001/04/xmlenc#sha512"
    );

    /// <summary>The longest digest of all suites, for buffers on the stack.</summary>
    public const int LongestDigest = 64;

    public static SignatureSuite Of(SignatureAlgorithm algorithm) =>
        algorithm switch
        {
            SignatureAlgorithm.RsaSha256 => RsaSha256,
            SignatureAlgorithm.RsaSha384 => RsaSha384,
            SignatureAlgorithm.RsaSha512 => RsaSha512,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, message: null),
        };
}
