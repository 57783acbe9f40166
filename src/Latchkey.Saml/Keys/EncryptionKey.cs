using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Encryption;

namespace Latchkey.Saml.Keys;

/// <summary>An RSA public key from a peer's certificate for encryption, imported once and kept. Safe for use by several threads.</summary>
public sealed class EncryptionKey : IDisposable
{
    private readonly RSA rsa;
    private readonly byte[] certificateBase64;

    private EncryptionKey(RSA rsa, X509Certificate2 certificate)
    {
        this.rsa = rsa;
        Certificate = certificate;
        ReadOnlySpan<byte> der = certificate.RawDataMemory.Span;
        certificateBase64 = new byte[Base64.GetMaxEncodedToUtf8Length(der.Length)];
        Base64.EncodeToUtf8(der, certificateBase64, out _, out _);
    }

    /// <summary>Imports the key of a certificate. Its dates and issuer play no part: trust comes from configuration (IIP-MD12).</summary>
    /// <exception cref="CryptographicException">Not a certificate, or a key that is not RSA or weaker than rule S3 allows.</exception>
    public static EncryptionKey FromCertificate(ReadOnlySpan<byte> der)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        try
        {
            return new EncryptionKey(RsaStrength.PublicKeyOf(certificate), certificate);
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

    /// <summary>The certificate in base64, as KeyInfo carries it.</summary>
    internal ReadOnlySpan<byte> CertificateBase64 => certificateBase64;

    /// <summary>Encrypts a content key.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> contentKey, KeyTransport transport)
    {
        if (transport.Padding is { } padding)
            return rsa.Encrypt(contentKey, padding);
        // The platform's OAEP has one hash for both.
        Span<byte> encoded = stackalloc byte[RawRsa.LengthOf(rsa)];
        Oaep.Encode(contentKey, transport.Digest, transport.Mask, encoded);
        byte[] wrapped = RawRsa.Encrypt(rsa, encoded);
        CryptographicOperations.ZeroMemory(encoded);
        return wrapped;
    }
}
