using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// RSA keys past the check of their strength (rule S3). Old suites sign with 1024 bits throughout: with the product's own
/// keys this rule alone would speak, with these all the others do.
/// </summary>
internal static class KeysOfAnyStrength
{
    public static VerificationKey Verification(X509Certificate2 certificate)
    {
        VerificationKey key = VerificationKey.FromCertificate(
            TestKeys.CertificateDer("test-only-idp")
        );
        RSA rsa = certificate.GetRSAPublicKey()!;
        Rsa(key) = rsa;
        SignatureLength(key) = (rsa.KeySize + 7) / 8;
        return key;
    }

    public static DecryptionKey Decryption(X509Certificate2 pair) =>
        Create(
            pair.GetRSAPrivateKey()!,
            X509CertificateLoader.LoadCertificate(pair.RawDataMemory.Span)
        );

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rsa")]
    private static extern ref RSA? Rsa(VerificationKey key);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rsaSignatureLength")]
    private static extern ref int SignatureLength(VerificationKey key);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern DecryptionKey Create(RSA rsa, X509Certificate2 certificate);
}
