using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A key that signs, RSA or elliptic curve, with its certificate; opened once and kept. Safe for use by several threads.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly IDigestSigner signer;
    private readonly bool onCurve;
    private readonly byte[] certificateBase64;

    private SigningKey(IDigestSigner signer, X509Certificate2 certificate)
    {
        this.signer = signer;
        onCurve = NamedCurve.IsOn(certificate);
        if (onCurve)
        {
            using ECDsa publicKey = NamedCurve.PublicKeyOf(certificate);
            NamedCurve curve = NamedCurve.Of(publicKey);
            SignatureLength = curve.SignatureLength;
            DefaultAlgorithm = curve.Algorithm;
        }
        else
        {
            using RSA publicKey = RsaStrength.PublicKeyOf(certificate);
            SignatureLength = RawRsa.LengthOf(publicKey);
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
        LocalSigner? imported = null;
        try
        {
            imported = new LocalSigner(pkcs8, loaded);
            return new SigningKey(imported, loaded);
        }
        catch
        {
            imported?.Dispose();
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>A key that somebody else keeps, in a token or behind a service, or one seen on its way there.</summary>
    /// <param name="signer">Signs with the private key; disposed of with this key.</param>
    /// <param name="certificate">The certificate that belongs to it, DER.</param>
    /// <exception cref="CryptographicException">The certificate cannot be read, or its key is weaker than rule S3 allows.</exception>
    public static SigningKey Over(IDigestSigner signer, ReadOnlySpan<byte> certificate)
    {
        X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
        try
        {
            return new SigningKey(signer, loaded);
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

    /// <summary>What makes the signatures, for whoever wants to stand between.</summary>
    public IDigestSigner Signer => signer;

    /// <summary>Whether the key is of the kind that the algorithm needs (rule S3).</summary>
    public bool Supports(SignatureAlgorithm algorithm) =>
        (SignatureSuite.Of(algorithm).Family == SignatureFamily.Ecdsa) == onCurve;

    /// <summary>The private key as DER PKCS#8, for storage at rest. The caller encrypts it.</summary>
    /// <exception cref="NotSupportedException">The key was not made or imported here: it cannot be had.</exception>
    public byte[] ExportPkcs8() =>
        signer is LocalSigner local
            ? local.ExportPkcs8()
            : throw new NotSupportedException("This key signs and cannot be exported.");

    /// <inheritdoc/>
    public void Dispose()
    {
        signer.Dispose();
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
        if (forEllipticCurves != onCurve)
            throw new ArgumentException(
                $"{suite.SignatureUri} needs {(forEllipticCurves ? "an elliptic-curve" : "an RSA")} key; this is {(forEllipticCurves ? "an RSA" : "an elliptic-curve")} key.",
                nameof(suite)
            );
        Span<byte> signature = destination[..SignatureLength];
        if (signer.SignDigest(digest, suite.Algorithm, signature) != SignatureLength)
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
