using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Tests.Keys;

/// <summary>Keys made for these tests and used nowhere else. Fixed, so that signatures compare byte for byte.</summary>
internal static class TestKeys
{
    public static SigningKey IdentityProvider { get; } = Load("test-only-idp");

    public static SigningKey ServiceProvider { get; } = Load("test-only-sp");

    public static byte[] CertificateDer(string name)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(
            TestData.PathOf($"keys/{name}.crt.pem")
        );
        return certificate.RawData;
    }

    public static byte[] PrivateKeyDer(string name)
    {
        string pem = TestData.Text($"keys/{name}.key.pem");
        return Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
    }

    public static SigningKey Load(string name) =>
        SigningKey.Import(PrivateKeyDer(name), CertificateDer(name));
}
