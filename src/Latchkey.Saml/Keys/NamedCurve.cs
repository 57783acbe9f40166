using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A curve that keys may lie on, and what a signature on it looks like (rule S3).</summary>
internal sealed class NamedCurve
{
    /// <summary>The kind of key in a certificate (RFC 5480 §2.1.1).</summary>
    public const string EcPublicKey = "1.2.840.10045.2.1";

    private static readonly NamedCurve P256 = new(
        ECCurve.NamedCurves.nistP256,
        SignatureAlgorithm.EcdsaSha256,
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
    );

    private static readonly NamedCurve P384 = new(
        ECCurve.NamedCurves.nistP384,
        SignatureAlgorithm.EcdsaSha384,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF"
            + "581A0DB248B0A77AECEC196ACCC52973"
    );

    private static readonly NamedCurve P521 = new(
        ECCurve.NamedCurves.nistP521,
        SignatureAlgorithm.EcdsaSha512,
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            + "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"
    );

    // n: r and s lie between it and zero (FIPS 186-5 §6.4.2).
    private readonly byte[] order;

    private NamedCurve(ECCurve curve, SignatureAlgorithm algorithm, string order)
    {
        Curve = curve;
        Algorithm = algorithm;
        this.order = Convert.FromHexString(order);
    }

    /// <summary>The curve for the platform.</summary>
    public ECCurve Curve { get; }

    /// <summary>The algorithm whose hash is as strong as the curve.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Bytes in a signature: r and s, each as long as n.</summary>
    public int SignatureLength => 2 * order.Length;

    /// <summary>The curve of a choice.</summary>
    public static NamedCurve Of(EllipticCurve curve) =>
        curve switch
        {
            EllipticCurve.P256 => P256,
            EllipticCurve.P384 => P384,
            EllipticCurve.P521 => P521,
            _ => throw new ArgumentOutOfRangeException(nameof(curve), curve, message: null),
        };

    /// <summary>Whether a certificate's key lies on a curve.</summary>
    public static bool IsOn(X509Certificate2 certificate) =>
        certificate.PublicKey.Oid.Value == EcPublicKey;

    /// <summary>The curve of a key; throws unless it is one of the three, by name.</summary>
    /// <remarks>A key that spells its curve out is refused even if it spells one of them: that is how CVE-2020-0601 began.</remarks>
    public static NamedCurve Of(ECDsa key)
    {
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        if (curve.IsNamed)
            foreach (NamedCurve known in (ReadOnlySpan<NamedCurve>)[P256, P384, P521])
                if (curve.Oid.Value == known.Curve.Oid.Value)
                    return known;
        throw new CryptographicException(
            $"The elliptic-curve key lies on {(curve.IsNamed ? curve.Oid.FriendlyName ?? curve.Oid.Value : "a curve of its own")}; P-256, P-384 and P-521 are accepted."
        );
    }

    /// <summary>The public key of a certificate that holds one of this kind.</summary>
    /// <exception cref="CryptographicException">It cannot be read, or lies on another curve.</exception>
    public static ECDsa PublicKeyOf(X509Certificate2 certificate)
    {
        ECDsa key =
            certificate.GetECDsaPublicKey()
            ?? throw new CryptographicException(
                "The certificate's elliptic-curve key cannot be read."
            );
        try
        {
            Of(key);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a signature has exactly the length of r and s, each from 1 to n - 1. Zeros verified everything once
    /// (CVE-2022-21449), so this is checked here whatever the platform does.
    /// </summary>
    public bool CouldBeSignature(ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength
        && IsInRange(signature[..order.Length])
        && IsInRange(signature[order.Length..]);

    private bool IsInRange(ReadOnlySpan<byte> number) =>
        number.ContainsAnyExcept((byte)0) && number.SequenceCompareTo(order) < 0;
}
