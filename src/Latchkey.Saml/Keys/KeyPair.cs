using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>Imports private keys and makes the certificates that carry their public halves to peers.</summary>
internal static class KeyPair
{
    private const int SerialOctets = 16;

    /// <summary>Imports an RSA private key that belongs to a certificate.</summary>
    /// <exception cref="CryptographicException">It cannot be read, belongs to another certificate, or is too weak.</exception>
    public static RSA ImportRsa(ReadOnlySpan<byte> pkcs8, X509Certificate2 certificate)
    {
        RSA imported = RSA.Create();
        try
        {
            using RSA publicKey = RsaStrength.PublicKeyOf(certificate);
            imported.ImportPkcs8PrivateKey(pkcs8, out int read);
            DemandWhole(read == pkcs8.Length);
            RSAParameters own = imported.ExportParameters(includePrivateParameters: false);
            RSAParameters its = publicKey.ExportParameters(includePrivateParameters: false);
            DemandSame(
                own.Modulus.AsSpan().SequenceEqual(its.Modulus)
                    && own.Exponent.AsSpan().SequenceEqual(its.Exponent)
            );
            return imported;
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }

    /// <summary>Imports an elliptic-curve private key that belongs to a certificate.</summary>
    /// <exception cref="CryptographicException">It cannot be read, belongs to another certificate, or lies on another curve.</exception>
    public static ECDsa ImportEcdsa(ReadOnlySpan<byte> pkcs8, X509Certificate2 certificate)
    {
        ECDsa imported = ECDsa.Create();
        try
        {
            using ECDsa publicKey = NamedCurve.PublicKeyOf(certificate);
            imported.ImportPkcs8PrivateKey(pkcs8, out int read);
            DemandWhole(read == pkcs8.Length);
            ECPoint own = imported.ExportParameters(includePrivateParameters: false).Q;
            ECPoint its = publicKey.ExportParameters(includePrivateParameters: false).Q;
            DemandSame(
                NamedCurve.Of(imported) == NamedCurve.Of(publicKey)
                    && own.X.AsSpan().SequenceEqual(its.X)
                    && own.Y.AsSpan().SequenceEqual(its.Y)
            );
            return imported;
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }

    /// <summary>A distinguished name of a common name only, shortened to the 64 characters that X.520 allows.</summary>
    public static X500DistinguishedName NameOf(string subjectName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subjectName);
        X500DistinguishedNameBuilder name = new();
        name.AddCommonName(Shorten(subjectName));
        return name.Build();
    }

    /// <summary>Signs a certificate request with its own key, for one use only.</summary>
    public static X509Certificate2 SelfSign(
        CertificateRequest request,
        X509KeyUsageFlags usage,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        X509SignatureGenerator? signature = null
    )
    {
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: false,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)
        );
        return signature is null
            ? request.CreateSelfSigned(notBefore, notAfter)
            : request.Create(
                request.SubjectName,
                signature,
                notBefore,
                notAfter,
                RandomNumberGenerator.GetBytes(SerialOctets)
            );
    }

    private static void DemandWhole(bool whole)
    {
        if (!whole)
            throw new CryptographicException("The private key is followed by other bytes.");
    }

    private static void DemandSame(bool same)
    {
        if (!same)
            throw new CryptographicException(
                "The private key and the certificate do not belong together."
            );
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
