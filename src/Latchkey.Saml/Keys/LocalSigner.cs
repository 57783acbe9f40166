using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A private key in this process, imported once.</summary>
/// <remarks>The implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
internal sealed class LocalSigner : IDigestSigner
{
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;

    /// <exception cref="CryptographicException">The key cannot be read, does not belong to the certificate, or is too weak.</exception>
    public LocalSigner(ReadOnlySpan<byte> pkcs8, X509Certificate2 certificate)
    {
        if (NamedCurve.IsOn(certificate))
            ecdsa = KeyPair.ImportEcdsa(pkcs8, certificate);
        else
            rsa = KeyPair.ImportRsa(pkcs8, certificate);
    }

    public byte[] ExportPkcs8() => rsa?.ExportPkcs8PrivateKey() ?? ecdsa!.ExportPkcs8PrivateKey();

    public int SignDigest(
        ReadOnlySpan<byte> digest,
        SignatureAlgorithm algorithm,
        Span<byte> destination
    )
    {
        SignatureSuite suite = SignatureSuite.Of(algorithm);
        int written;
        bool signed = ecdsa is not null
            ? ecdsa.TrySignHash(
                digest,
                destination,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation,
                out written
            )
            : rsa!.TrySignHash(
                digest,
                destination,
                suite.Hash,
                suite.Family == SignatureFamily.RsaPss
                    ? RSASignaturePadding.Pss
                    : RSASignaturePadding.Pkcs1,
                out written
            );
        return signed ? written : 0;
    }

    public void Dispose()
    {
        rsa?.Dispose();
        ecdsa?.Dispose();
    }
}
