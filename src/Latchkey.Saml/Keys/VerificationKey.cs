using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A public key from a peer's certificate, RSA or elliptic curve, imported once and kept. Safe for use by several threads.</summary>
/// <remarks>The implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
public sealed class VerificationKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;
    private readonly NamedCurve? curve;
    private readonly int rsaSignatureLength;

    private VerificationKey(X509Certificate2 certificate)
    {
        if (certificate.PublicKey.Oid.Value == NamedCurve.EcPublicKey)
        {
            ecdsa = NamedCurve.PublicKeyOf(certificate);
            curve = NamedCurve.Of(ecdsa);
        }
        else
        {
            rsa = RsaStrength.PublicKeyOf(certificate);
            rsaSignatureLength = (rsa.KeySize + 7) / 8;
        }
        Certificate = certificate;
    }

    /// <summary>Imports the key of a certificate. Its dates and issuer play no part: trust comes from configuration (IIP-MD12).</summary>
    /// <exception cref="CryptographicException">Not a certificate, or a key weaker than rule S3 allows or of another kind.</exception>
    public static VerificationKey FromCertificate(ReadOnlySpan<byte> der)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        try
        {
            return new VerificationKey(certificate);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>The certificate, for showing.</summary>
    public X509Certificate2 Certificate { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        rsa?.Dispose();
        ecdsa?.Dispose();
        Certificate.Dispose();
    }

    /// <summary>Whether the signature over a digest was made with this key's private half.</summary>
    /// <remarks>The caller's allow list chose the suite; a key of another kind than the suite's has made no such signature (rule S3).</remarks>
    internal bool VerifyHash(
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature,
        SignatureSuite suite
    ) =>
        suite.Family switch
        {
            SignatureFamily.RsaPkcs1 => VerifyRsa(
                digest,
                signature,
                suite,
                RSASignaturePadding.Pkcs1
            ),
            SignatureFamily.RsaPss => VerifyRsa(digest, signature, suite, RSASignaturePadding.Pss),
            SignatureFamily.Ecdsa => ecdsa is not null
                && curve!.CouldBeSignature(signature)
                && ecdsa.VerifyHash(
                    digest,
                    signature,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                ),
            _ => false,
        };

    private bool VerifyRsa(
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature,
        SignatureSuite suite,
        RSASignaturePadding padding
    ) =>
        rsa is not null
        && signature.Length == rsaSignatureLength
        && rsa.VerifyHash(digest, signature, suite.Hash, padding);
}
