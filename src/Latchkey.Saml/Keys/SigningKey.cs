using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A private key, RSA or elliptic curve, with its certificate, imported once and kept. Safe for use by several threads.</summary>
/// <remarks>The implementations of .NET keep no state between operations once a key is imported; nothing here changes it afterwards.</remarks>
public sealed class SigningKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;
    private readonly byte[] certificateBase64;

    private SigningKey(ReadOnlySpan<byte> pkcs8, X509Certificate2 certificate)
    {
        if (certificate.PublicKey.Oid.Value == NamedCurve.EcPublicKey)
        {
            ecdsa = KeyPair.ImportEcdsa(pkcs8, certificate);
            NamedCurve curve = NamedCurve.Of(ecdsa);
            SignatureLength = curve.SignatureLength;
            DefaultAlgorithm = curve.Algorithm;
        }
        else
        {
            rsa = KeyPair.ImportRsa(pkcs8, certificate);
            SignatureLength = (rsa.KeySize + 7) / 8;
            DefaultAlgorithm = SignatureAlgorithm.RsaSha256;
        }
        Certificate = certificate;

        ReadOnlySpan<byte> der = certificate.RawDataMemory.Span;
        certificateBase64 = new byte[Base64.GetMaxEncodedToUtf8Length(der.Length)];
        Base64.EncodeToUtf8(der, certificateBase64, out _, out _);
    }

    /// <summary>Imports a key pair; the certificate says of which kind it is.</summary>
    /// <param name="pkcs8">The private key, DER PKCS#8, unencrypted.</param>
    /// <param name="certificate">The certificate, DER.</param>
    /// <exception cref="CryptographicException">Key or certificate cannot be read, do not belong together, or the key is weaker than rule S3 allows.</exception>
    public static SigningKey Import(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> certificate)
    {
        X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
        try
        {
            return new SigningKey(pkcs8, loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new RSA key with a self-signed certificate.</summary>
    /// <param name="subjectName">The common name in the certificate, plain text; shortened to the 64 characters that X.520 allows.</param>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="rsaBits">2048, 3072 or 4096.</param>
    /// <param name="sha1Certificate">Whether the certificate's own signature is made with SHA-1 instead of SHA-256, for peers that take no other certificate (S0-14). No peer should judge by it, and nothing of Latchkey does.</param>
    public static SigningKey Create(
        string subjectName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        int rsaBits = 2048,
        bool sha1Certificate = false
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rsaBits, RsaStrength.MinimumBits);
        X500DistinguishedName name = KeyPair.NameOf(subjectName);
        using RSA created = RSA.Create(rsaBits);
        return SelfSigned(
            created,
            new CertificateRequest(
                name,
                created,
                sha1Certificate ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            ),
            notBefore,
            notAfter,
            sha1Certificate ? new Sha1CertificateSignature(created) : null
        );
    }

    /// <summary>Makes a new elliptic-curve key with a self-signed certificate.</summary>
    /// <param name="subjectName">The common name in the certificate, plain text; shortened to the 64 characters that X.520 allows.</param>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="curve">The curve. Far from every peer can verify such signatures.</param>
    public static SigningKey Create(
        string subjectName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        EllipticCurve curve
    )
    {
        X500DistinguishedName name = KeyPair.NameOf(subjectName);
        NamedCurve named = NamedCurve.Of(curve);
        using ECDsa created = ECDsa.Create(named.Curve);
        return SelfSigned(
            created,
            new CertificateRequest(name, created, SignatureSuite.Of(named.Algorithm).Hash),
            notBefore,
            notAfter
        );
    }

    /// <summary>The certificate; it carries no private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The algorithm for peers about whom nothing more is known: RSA PKCS#1 with SHA-256, or ECDSA with the hash that fits the curve.</summary>
    public SignatureAlgorithm DefaultAlgorithm { get; }

    /// <summary>Whether the key is of the kind that the algorithm needs (rule S3).</summary>
    public bool Supports(SignatureAlgorithm algorithm) =>
        (SignatureSuite.Of(algorithm).Family == SignatureFamily.Ecdsa) == ecdsa is not null;

    /// <summary>The private key as DER PKCS#8, for storage at rest. The caller encrypts it.</summary>
    public byte[] ExportPkcs8() => rsa?.ExportPkcs8PrivateKey() ?? ecdsa!.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public void Dispose()
    {
        rsa?.Dispose();
        ecdsa?.Dispose();
        Certificate.Dispose();
    }

    /// <summary>Bytes in one signature.</summary>
    internal int SignatureLength { get; }

    /// <summary>The certificate in base64, as KeyInfo carries it (C-06).</summary>
    internal ReadOnlySpan<byte> CertificateBase64 => certificateBase64;

    /// <summary>Signs a digest; the signature fills the first <see cref="SignatureLength"/> bytes of the destination.</summary>
    /// <exception cref="ArgumentException">The key is not of the algorithm's kind (rule S3).</exception>
    internal void SignHash(ReadOnlySpan<byte> digest, SignatureSuite suite, Span<byte> destination)
    {
        bool forEllipticCurves = suite.Family == SignatureFamily.Ecdsa;
        if (forEllipticCurves != ecdsa is not null)
            throw new ArgumentException(
                $"{suite.SignatureUri} needs {(forEllipticCurves ? "an elliptic-curve" : "an RSA")} key; this is {(forEllipticCurves ? "an RSA" : "an elliptic-curve")} key.",
                nameof(suite)
            );

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
        if (!signed || written != SignatureLength)
            throw new CryptographicException("The signature did not come out at its length.");
    }

    private static SigningKey SelfSigned(
        AsymmetricAlgorithm created,
        CertificateRequest request,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        X509SignatureGenerator? signature = null
    )
    {
        using X509Certificate2 certificate = KeyPair.SelfSign(
            request,
            X509KeyUsageFlags.DigitalSignature,
            notBefore,
            notAfter,
            signature
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
}
