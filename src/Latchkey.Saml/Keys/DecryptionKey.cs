using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Encryption;

namespace Latchkey.Saml.Keys;

/// <summary>An RSA private key that opens what is encrypted for its certificate; apart from signing keys (rules E3, I6). Safe for use by several threads.</summary>
/// <remarks>The RSA implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
public sealed class DecryptionKey : IDisposable
{
    // RSA of 16384 bits, the largest that is accepted.
    private const int LongestOpened = RsaStrength.MaximumBits / 8;

    private readonly RSA rsa;

    private DecryptionKey(RSA rsa, X509Certificate2 certificate)
    {
        this.rsa = rsa;
        Certificate = certificate;
    }

    /// <summary>Imports a key pair.</summary>
    /// <param name="pkcs8">The private key, DER PKCS#8, unencrypted.</param>
    /// <param name="certificate">The certificate, DER.</param>
    /// <exception cref="CryptographicException">Key or certificate cannot be read, do not belong together, or the key is not RSA or weaker than rule S3 allows.</exception>
    public static DecryptionKey Import(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> certificate)
    {
        X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
        try
        {
            return new DecryptionKey(KeyPair.ImportRsa(pkcs8, loaded), loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new RSA key with a self-signed certificate (SHA-256) for key encipherment.</summary>
    /// <param name="subjectName">The common name in the certificate, plain text; shortened to the 64 characters that X.520 allows.</param>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="rsaBits">2048, 3072 or 4096.</param>
    public static DecryptionKey Create(
        string subjectName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        int rsaBits = 2048
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rsaBits, RsaStrength.MinimumBits);
        X500DistinguishedName name = KeyPair.NameOf(subjectName);
        using RSA created = RSA.Create(rsaBits);
        using X509Certificate2 certificate = KeyPair.SelfSign(
            new CertificateRequest(
                name,
                created,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            ),
            X509KeyUsageFlags.KeyEncipherment,
            notBefore,
            notAfter
        );
        byte[] pkcs8 = created.ExportPkcs8PrivateKey();
        try
        {
            return Import(pkcs8, certificate.RawDataMemory.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The certificate to publish for encryption; it carries no private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The private key as DER PKCS#8, for storage at rest. The caller encrypts it.</summary>
    public byte[] ExportPkcs8() => rsa.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public void Dispose()
    {
        rsa.Dispose();
        Certificate.Dispose();
    }

    /// <summary>Opens a content key of exactly the length of the destination; when that fails, a random key stands there (rule E2).</summary>
    internal bool TryUnwrap(
        ReadOnlySpan<byte> wrapped,
        KeyTransport transport,
        Span<byte> contentKey
    )
    {
        RandomNumberGenerator.Fill(contentKey);
        Span<byte> opened = stackalloc byte[LongestOpened];
        try
        {
            return wrapped.Length == RawRsa.LengthOf(rsa)
                && (
                    transport.Padding is { } padding
                        ? TryUnwrap(wrapped, padding, opened, contentKey)
                        : TryUnwrapMixed(wrapped, transport, opened, contentKey)
                );
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    private bool TryUnwrap(
        ReadOnlySpan<byte> wrapped,
        RSAEncryptionPadding padding,
        Span<byte> opened,
        Span<byte> contentKey
    )
    {
        if (
            !rsa.TryDecrypt(wrapped, opened, padding, out int length)
            || length != contentKey.Length
        )
            return false;
        opened[..length].CopyTo(contentKey);
        return true;
    }

    // The platform's OAEP has one hash for both.
    private bool TryUnwrapMixed(
        ReadOnlySpan<byte> wrapped,
        KeyTransport transport,
        Span<byte> opened,
        Span<byte> contentKey
    )
    {
        Span<byte> encoded = opened[..wrapped.Length];
        RawRsa.Decrypt(rsa, wrapped, encoded);
        return Oaep.TryDecode(encoded, transport.Digest, transport.Mask, contentKey);
    }
}
