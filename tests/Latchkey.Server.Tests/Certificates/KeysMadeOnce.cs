using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>
/// Making RSA keys would be a third of what the tests compute. Within one server no two keys are the same; the next
/// server begins with the keys of the first again. Every certificate is new.
/// </summary>
internal sealed class KeysMadeOnce : KeyPairMaker
{
    private static readonly List<Lazy<byte[]>> s_keys = [];

    private int _next;

    public override SigningKey Make(
        string name,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        KeyChoice choice
    )
    {
        if (choice != KeyChoice.Standard)
            return base.Make(name, notBefore, notAfter, choice);
        var pkcs8 = Key(Interlocked.Increment(ref _next) - 1).Value;
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(
            subject.Build(),
            rsa,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        using var certificate = request.CreateSelfSigned(notBefore, notAfter);
        return SigningKey.Import(pkcs8, certificate.RawData);
    }

    private static Lazy<byte[]> Key(int number)
    {
        lock (s_keys)
        {
            while (s_keys.Count <= number)
                s_keys.Add(
                    new Lazy<byte[]>(() =>
                    {
                        using var rsa = RSA.Create(2048);
                        return rsa.ExportPkcs8PrivateKey();
                    })
                );
            return s_keys[number];
        }
    }
}
