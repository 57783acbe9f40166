using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A private key with its certificate, imported once and kept. Safe for use by several threads.</summary>
/// <remarks>The RSA implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
public sealed class SigningKey : IDisposable
{
    private readonly RSA rsa;
    private readonly byte[] certificateBase64;

    private SigningKey(RSA rsa, X509Certificate2 certificate)
    {
        this.rsa = rsa;
        Certificate = certificate;
        SignatureLength = (rsa.KeySize + 7) / 8;

        ReadOnlySpan<byte> der = certificate.RawDataMemory.Span;
        certificateBase64 = new byte[Base64.GetMaxEncodedToUtf8Length(der.Length)];
        Base64.EncodeToUtf8(der, certificateBase64, out _, out _);
    }

    /// <summary>Imports a key pair.</summary>
    /// <param name="pkcs8">The private key, DER PKCS#8, unencrypted.</param>
    /// <param name="certificate">The certificate, DER.</param>
    /// <exception cref="CryptographicException">Key or certificate cannot be read, do not belong together, or the key is weaker than rule S3 allows.</exception>
    public static SigningKey Import(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> certificate)
    {
        X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
        RSA imported = RSA.Create();
        try
        {
            using RSA publicKey = RsaStrength.PublicKeyOf(loaded);
            imported.ImportPkcs8PrivateKey(pkcs8, out int read);
            if (read != pkcs8.Length)
                throw new CryptographicException("The private key is followed by other bytes.");
            if (!SamePublicKey(imported, publicKey))
                throw new CryptographicException(
                    "The private key and the certificate do not belong together."
                );
            return new SigningKey(imported, loaded);
        }
        catch
        {
            imported.Dispose();
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new RSA key with a self-signed certificate (SHA-256).</summary>
    /// <param name="subjectName">The common name in the certificate, plain text; shortened to the 64 characters that X.520 allows.</param>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="rsaBits">2048, 3072 or 4096.</param>
    public static SigningKey Create(
        string subjectName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        int rsaBits = 2048
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subjectName);
        ArgumentOutOfRangeException.ThrowIfLessThan(rsaBits, RsaStrength.MinimumBits);

        X500DistinguishedNameBuilder name = new();
        name.AddCommonName(Shorten(subjectName));

        using RSA created = RSA.Create(rsaBits);
        CertificateRequest request = new(
            name.Build(),
            created,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: false,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)
        );
        using X509Certificate2 certificate = request.CreateSelfSigned(notBefore, notAfter);

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

    /// <summary>The certificate; it carries no private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The private key as DER PKCS#8, for storage at rest. The caller encrypts it.</summary>
    public byte[] ExportPkcs8() => rsa.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public void Dispose()
    {
        rsa.Dispose();
        Certificate.Dispose();
    }

    /// <summary>Bytes in one signature.</summary>
    internal int SignatureLength { get; }

    /// <summary>The certificate in base64, as KeyInfo carries it (C-06).</summary>
    internal ReadOnlySpan<byte> CertificateBase64 => certificateBase64;

    /// <summary>Signs a digest; the signature fills the first <see cref="SignatureLength"/> bytes of the destination.</summary>
    internal void SignHash(
        ReadOnlySpan<byte> digest,
        HashAlgorithmName hashAlgorithm,
        Span<byte> destination
    )
    {
        bool signed = rsa.TrySignHash(
            digest,
            destination,
            hashAlgorithm,
            RSASignaturePadding.Pkcs1,
            out int written
        );
        if (!signed || written != SignatureLength)
            throw new CryptographicException("The signature did not come out at its length.");
    }

    private static bool SamePublicKey(RSA one, RSA other)
    {
        RSAParameters a = one.ExportParameters(includePrivateParameters: false);
        RSAParameters b = other.ExportParameters(includePrivateParameters: false);
        return a.Modulus.AsSpan().SequenceEqual(b.Modulus)
            && a.Exponent.AsSpan().SequenceEqual(b.Exponent);
    }

    private static string Shorten(string name)
    {
        const int longest = 64;
        if (name.Length <= longest)
            return name;
        int end = char.IsHighSurrogate(name[longest - 1]) ? longest - 1 : longest;
        return name[..end];
    }
}
