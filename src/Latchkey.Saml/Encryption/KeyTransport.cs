using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Issuing;

namespace Latchkey.Saml.Encryption;

/// <summary>RSA-OAEP, the only way that a content key travels (xmlenc-core1 §5.5.2, rule E2).</summary>
internal sealed class KeyTransport
{
    /// <summary>What is allowed, for findings.</summary>
    public const string Allowed = "RSA-OAEP with SHA-1 or SHA-256 for its digest and for MGF1";

    private const string OaepMgf1p = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    private const string OaepAnyMask = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
    private const string Sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    private const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private const string MaskSha1 = "http://www.w3.org/2009/xmlenc11#mgf1sha1";
    private const string MaskSha256 = "http://www.w3.org/2009/xmlenc11#mgf1sha256";

    // In the order of the enumeration.
    private static readonly KeyTransport[] Transports =
    [
        new(OaepMgf1p, Sha1, MaskSha1),
        new(OaepAnyMask, Sha256, MaskSha256),
        new(OaepMgf1p, Sha256, MaskSha1),
        new(OaepAnyMask, Sha1, MaskSha1),
        new(OaepAnyMask, Sha256, MaskSha1),
        new(OaepAnyMask, Sha1, MaskSha256),
    ];

    private readonly string maskUri;

    private KeyTransport(string uri, string digestUri, string maskUri)
    {
        Uri = uri;
        DigestUri = digestUri;
        this.maskUri = maskUri;
        Digest = digestUri == Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        Mask = maskUri == MaskSha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        Padding = Digest == Mask ? RSAEncryptionPadding.CreateOaep(Digest) : null;
    }

    /// <summary>Its name.</summary>
    public string Uri { get; }

    /// <summary>The name of the hash of OAEP.</summary>
    public string DigestUri { get; }

    /// <summary>The name of the mask generation; null where the transport's own name says it.</summary>
    public string? MaskUri => Uri == OaepMgf1p ? null : maskUri;

    /// <summary>The hash of OAEP.</summary>
    public HashAlgorithmName Digest { get; }

    /// <summary>The hash of the mask generation MGF1.</summary>
    public HashAlgorithmName Mask { get; }

    /// <summary>The same for the platform; null where the two hashes differ, which the platform does not know.</summary>
    public RSAEncryptionPadding? Padding { get; }

    /// <summary>The transport of a choice.</summary>
    public static KeyTransport Of(KeyEncryption choice) =>
        Enum.IsDefined(choice)
            ? Transports[(int)choice]
            : throw new ArgumentOutOfRangeException(nameof(choice), choice, message: null);

    /// <summary>The transport of a name and its parameters, each SHA-1 where it is not said; null when there is none.</summary>
    public static KeyTransport? Of(
        ReadOnlySpan<byte> uri,
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> mask
    )
    {
        foreach (var transport in Transports)
            if (
                Ascii.Equals(uri, transport.Uri)
                && Says(digest, transport.DigestUri, Sha1)
                && Says(mask, transport.maskUri, MaskSha1)
            )
                return transport;
        return null;
    }

    private static bool Says(ReadOnlySpan<byte> written, string meant, string unwritten) =>
        written.IsEmpty ? meant == unwritten : Ascii.Equals(written, meant);
}
