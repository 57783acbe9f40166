using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Cli.Saml;

/// <summary>A certificate in one line of plain words.</summary>
internal static class CertificateWords
{
    /// <summary>Subject, key, dates and fingerprint; what cannot be read is said to be so.</summary>
    public static string Of(ReadOnlyMemory<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return $"{TerminalText.Show(certificate.Subject)}, {KeyOf(certificate)}, until {Day(certificate.NotAfter)}, SHA-256 {Fingerprint(certificate)}";
        }
        catch (CryptographicException)
        {
            return "a certificate that cannot be read";
        }
    }

    /// <summary>The day on which it ends; null when it cannot be read.</summary>
    public static DateTimeOffset? EndOf(ReadOnlyMemory<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is not null)
            {
                return $"RSA {rsa.KeySize.ToString(CultureInfo.InvariantCulture)}";
            }
            using var ecdsa = certificate.GetECDsaPublicKey();
            return ecdsa is null
                ? $"key of another kind ({certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value})"
                : $"EC {ecdsa.KeySize.ToString(CultureInfo.InvariantCulture)}";
        }
        catch (CryptographicException)
        {
            return "key that cannot be read";
        }
    }

    private static string Fingerprint(X509Certificate2 certificate) =>
        string.Join(
            ':',
            certificate
                .GetCertHash(HashAlgorithmName.SHA256)
                .Select(octet => octet.ToString("X2", CultureInfo.InvariantCulture))
        );

    private static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
