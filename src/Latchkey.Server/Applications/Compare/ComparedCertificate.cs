using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications.Compare;

/// <summary>Whether a certificate or fingerprint that the other side shows is the one that signs.</summary>
internal static class ComparedCertificate
{
    /// <param name="here">The certificate that signs, DER.</param>
    /// <param name="there">As pasted: PEM, base64, base64 of PEM, or a SHA-1 or SHA-256 fingerprint in any writing.</param>
    public static Difference Between(byte[] here, string there)
    {
        if (Hex(there) is { } fingerprint)
        {
            return
                fingerprint == Hex(CertificateText.Sha256(here))
                || fingerprint == Hex(CertificateText.Sha1(here))
                ? new(true, "compare.certificate.fingerprint")
                : new(false, "compare.certificate.other-fingerprint");
        }
        if (!CertificateText.TryParse(there, out var certificates, out var fault))
        {
            return new(false, $"problem.{fault}");
        }
        var own = Convert.ToBase64String(here);
        return certificates.Contains(own)
            ? new(true, "compare.same")
            : new(
                false,
                "compare.certificate.other",
                CertificateText.Sha256(Convert.FromBase64String(certificates[0]))
            );
    }

    /// <summary>The hexadecimal digits of a fingerprint of 20 or 32 bytes; null for anything else.</summary>
    private static string? Hex(string text)
    {
        var digits = string.Concat(text.Where(c => c is not (':' or ' ' or '-' or '\n' or '\r')));
        return digits.Length is 40 or 64 && digits.All(char.IsAsciiHexDigit)
            ? digits.ToUpperInvariant()
            : null;
    }
}
