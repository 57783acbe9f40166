using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Testing.ServiceProviders;

/// <summary>A signing key with its self-signed certificate, as PEM.</summary>
public sealed record KeyPair(string PrivateKey, string Certificate)
{
    public static KeyPair Create(string commonName)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={commonName}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return new KeyPair(key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem());
    }
}
