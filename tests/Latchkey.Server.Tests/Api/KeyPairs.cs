using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Server.Tests.Api;

/// <summary>Key pairs that were made elsewhere, on a curve because those are made at once.</summary>
internal static class KeyPairs
{
    public static (string Certificate, string PrivateKey) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public static byte[] Der(string certificate)
    {
        using var read = X509Certificate2.CreateFromPem(certificate);
        return read.RawData;
    }
}
