using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Issuing;

namespace Latchkey.Saml.Encryption;

/// <summary>RSA-OAEP, the only way that a content key travels (xmlenc-core1 §5.5.2, rule E2).</summary>
/// <param name="Uri">Its name.</param>
/// <param name="DigestUri">The hash of OAEP.</param>
/// <param name="MaskUri">The mask generation, where the name leaves it open; null where the name says it.</param>
/// <param name="Padding">The same for the platform.</param>
internal sealed record KeyTransport(
    string Uri,
    string DigestUri,
    string? MaskUri,
    RSAEncryptionPadding Padding
)
{
    /// <summary>What is allowed, for findings.</summary>
    public const string Allowed =
        "RSA-OAEP with SHA-1 for digest and MGF1, or with SHA-256 for both";

    private const string Sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    private const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private const string OaepMgf1p = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    private const string Oaep = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
    private const string MaskSha1 = "http://www.w3.org/2009/xmlenc11#mgf1sha1";
    private const string MaskSha256 = "http://www.w3.org/2009/xmlenc11#mgf1sha256";

    private static readonly KeyTransport Mgf1p = new(
        OaepMgf1p,
        Sha1,
        MaskUri: null,
        RSAEncryptionPadding.OaepSHA1
    );

    private static readonly KeyTransport OaepSha1 = new(
        Oaep,
        Sha1,
        MaskSha1,
        RSAEncryptionPadding.OaepSHA1
    );

    private static readonly KeyTransport OaepSha256 = new(
        Oaep,
        Sha256,
        MaskSha256,
        RSAEncryptionPadding.OaepSHA256
    );

    /// <summary>The transport of a choice.</summary>
    public static KeyTransport Of(KeyEncryption choice) =>
        choice switch
        {
            KeyEncryption.RsaOaepMgf1p => Mgf1p,
            KeyEncryption.RsaOaepSha256 => OaepSha256,
            _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, message: null),
        };

    /// <summary>The transport of a name and its parameters, each SHA-1 where it is not said; null when there is none.</summary>
    public static KeyTransport? Of(
        ReadOnlySpan<byte> uri,
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> mask
    )
    {
        foreach (var known in (ReadOnlySpan<KeyTransport>)[Mgf1p, OaepSha1, OaepSha256])
            if (
                Ascii.Equals(uri, known.Uri)
                && (
                    digest.IsEmpty ? known.DigestUri == Sha1 : Ascii.Equals(digest, known.DigestUri)
                )
                && (
                    mask.IsEmpty
                        ? known.MaskUri is null or MaskSha1
                        : Ascii.Equals(mask, known.MaskUri)
                )
            )
                return known;
        return null;
    }
}
