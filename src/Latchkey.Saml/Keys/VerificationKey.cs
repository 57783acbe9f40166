using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A public key from a peer's certificate, imported once and kept. Safe for use by several threads.</summary>
/// <remarks>The RSA implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
public sealed class VerificationKey : IDisposable
{
    private readonly RSA rsa;
    private readonly int signatureLength;

    private VerificationKey(RSA rsa, X509Certificate2 certificate)
    {
        this.rsa = rsa;
        signatureLength = (rsa.KeySize + 7) / 8;
        Certificate = certificate;
    }

    /// <summary>Imports the key of a certificate. Its dates and issuer play no part: trust comes from configuration (IIP-MD12).</summary>
    /// <exception cref="CryptographicException">Not a certificate, or a key weaker than rule S3 allows.</exception>
    public static VerificationKey FromCertificate(ReadOnlySpan<byte> der)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        try
        {
            return new VerificationKey(RsaStrength.PublicKeyOf(certificate), certificate);
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
        rsa.Dispose();
        Certificate.Dispose();
    }

    /// <summary>Whether the signature (RSA PKCS#1 v1.5) over a digest was made with this key's private half.</summary>
    /// <remarks>The caller's allow list chose the hash algorithm; the family follows from the key (rule S3).</remarks>
    internal bool VerifyHash(
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature,
        HashAlgorithmName hashAlgorithm
    ) =>
        signature.Length == signatureLength
        && rsa.VerifyHash(digest, signature, hashAlgorithm, RSASignaturePadding.Pkcs1);
}
