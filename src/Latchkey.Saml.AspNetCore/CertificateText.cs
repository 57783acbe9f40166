using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.AspNetCore;

/// <summary>A certificate as administrators paste it: PEM, base64 without marker lines, or the name of a file.</summary>
internal static class CertificateText
{
    /// <returns>DER.</returns>
    public static byte[] Decode(string text)
    {
        if (PemEncoding.TryFind(text, out var fields) && text[fields.Label] == "CERTIFICATE")
        {
            return Convert.FromBase64String(text[fields.Base64Data]);
        }

        if (!File.Exists(text))
        {
            return Convert.FromBase64String(text);
        }

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(text);
        return certificate.RawData;
    }
}
