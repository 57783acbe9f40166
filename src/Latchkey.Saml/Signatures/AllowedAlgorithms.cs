using System.Security.Cryptography;

namespace Latchkey.Saml.Signatures;

/// <summary>
/// The algorithms that a signature may use (rules S2 and S3). What is not in these lists is refused: HMAC, SHA-1, MD5,
/// inclusive canonicalization, XPath, XSLT and everything that is yet to be invented.
/// </summary>
internal static class AllowedAlgorithms
{
    /// <summary>The digest of a signature algorithm.</summary>
    public static bool TrySignature(ReadOnlySpan<byte> uri, out HashAlgorithmName hash)
    {
        if (uri.SequenceEqual("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"u8))
            hash = HashAlgorithmName.SHA256;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"u8))
            hash = HashAlgorithmName.SHA384;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"u8))
            hash = HashAlgorithmName.SHA512;
        else
            hash = default;
        return hash.Name is not null;
    }

    /// <summary>The digest of a digest algorithm.</summary>
    public static bool TryDigest(ReadOnlySpan<byte> uri, out HashAlgorithmName hash)
    {
        if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#sha256"u8))
            hash = HashAlgorithmName.SHA256;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmldsig-more#sha384"u8))
            hash = HashAlgorithmName.SHA384;
        else if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#sha512"u8))
            hash = HashAlgorithmName.SHA512;
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
            : SHA512.HashData(octets, buffer);
        return buffer[..length];
    }
}
