using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Signatures;

/// <summary>
/// The algorithms that a signature may use (rules S2 and S3). What is not in these lists is refused: HMAC, MD5,
/// inclusive canonicalization, XPath, XSLT and everything that is yet to be invented.
/// </summary>
internal static class AllowedAlgorithms
{
    // All that can be written can be read; SHA-1 only where it is allowed.
    private static readonly SignatureSuite[] Algorithms =
    [
        .. Enum.GetValues<SignatureAlgorithm>()
            .Where(algorithm => algorithm != SignatureAlgorithm.RsaSha1)
            .Select(SignatureSuite.Of),
    ];

    /// <summary>What is allowed, for findings.</summary>
    public const string Signatures = "RSA, RSA-PSS or ECDSA with SHA-256, SHA-384 or SHA-512";

    /// <summary>What is allowed, for findings.</summary>
    public const string Digests = "SHA-256, SHA-384 or SHA-512";

    /// <summary>What a signature algorithm is made of.</summary>
    /// <param name="uri">Its name.</param>
    /// <param name="allowSha1">Whether RSA with SHA-1 is allowed too.</param>
    /// <param name="suite">The algorithm, when true is returned.</param>
    public static bool TrySignature(
        ReadOnlySpan<byte> uri,
        bool allowSha1,
        [NotNullWhen(true)] out SignatureSuite? suite
    )
    {
        foreach (var algorithm in Algorithms)
            if (Ascii.Equals(uri, algorithm.SignatureUri))
            {
                suite = algorithm;
                return true;
            }
        suite =
            allowSha1 && Ascii.Equals(uri, SignatureSuite.RsaSha1.SignatureUri)
                ? SignatureSuite.RsaSha1
                : null;
        return suite is not null;
    }

    /// <summary>The digest of a digest algorithm.</summary>
    /// <param name="uri">Its name.</param>
    /// <param name="allowSha1">Whether SHA-1 is allowed too.</param>
    /// <param name="hash">The digest, when true is returned.</param>
    public static bool TryDigest(ReadOnlySpan<byte> uri, bool allowSha1, out HashAlgorithmName hash)
    {
        if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#sha256"u8))
            hash = HashAlgorithmName.SHA256;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmldsig-more#sha384"u8))
            hash = HashAlgorithmName.SHA384;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#sha512"u8))
            hash = HashAlgorithmName.SHA512;
        else if (allowSha1 && Ascii.Equals(uri, SignatureSuite.RsaSha1.DigestUri))
            hash = HashAlgorithmName.SHA1;
        else
            hash = default;
        return hash.Name is not null;
    }

    /// <summary>Exclusive canonicalization, and whether it keeps comments.</summary>
    public static bool TryCanonicalization(ReadOnlySpan<byte> uri, out bool withComments)
    {
        withComments = uri.SequenceEqual("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"u8);
        return withComments || uri.SequenceEqual("http://www.w3.org/2001/10/xml-exc-c14n#"u8);
    }

    /// <summary>The enveloped-signature transform.</summary>
    public static bool IsEnvelopedSignature(ReadOnlySpan<byte> uri) =>
        uri.SequenceEqual("http://www.w3.org/2000/09/xmldsig#enveloped-signature"u8);

    /// <summary>Digests octets into a buffer of at least 64; returns the digest in it.</summary>
    public static ReadOnlySpan<byte> Digest(
        HashAlgorithmName hash,
        ReadOnlySpan<byte> octets,
        Span<byte> buffer
    )
    {
        var length =
            hash == HashAlgorithmName.SHA256 ? SHA256.HashData(octets, buffer)
            : hash == HashAlgorithmName.SHA384 ? SHA384.HashData(octets, buffer)
            : CryptographicOperations.HashData(hash, octets, buffer);
        return buffer[..length];
    }
}
