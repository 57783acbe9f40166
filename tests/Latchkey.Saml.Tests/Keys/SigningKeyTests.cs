using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Tests.Keys;

[Trait("Rule", "S3")]
public sealed class SigningKeyTests
{
    private static readonly SignatureSuite Sha256 = SignatureSuite.Of(SignatureAlgorithm.RsaSha256);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_one_key_signs_its_certificate_verifies()
    {
        SigningKey key = TestKeys.IdentityProvider;
        using VerificationKey verification = VerificationKey.FromCertificate(
            key.Certificate.RawData
        );
        byte[] digest = SHA256.HashData("x"u8);
        byte[] signature = new byte[key.SignatureLength];

        key.SignHash(digest, Sha256, signature);

        verification.VerifyHash(digest, signature, Sha256).ShouldBeTrue();
        signature[0] ^= 1;
        verification.VerifyHash(digest, signature, Sha256).ShouldBeFalse();
    }

    [Fact]
    public void A_signature_of_another_length_does_not_verify()
    {
        using VerificationKey key = VerificationKey.FromCertificate(
            TestKeys.CertificateDer("test-only-idp")
        );
        byte[] digest = SHA256.HashData("x"u8);

        key.VerifyHash(digest, [], Sha256).ShouldBeFalse();
        key.VerifyHash(digest, new byte[257], Sha256).ShouldBeFalse();
    }

    [Fact]
    public void A_created_key_survives_export_and_import()
    {
        using SigningKey created = SigningKey.Create("Wiki & Söhne", Start, Start.AddYears(3));
        using SigningKey imported = SigningKey.Import(
            created.ExportPkcs8(),
            created.Certificate.RawData
        );

        imported.Certificate.Subject.ShouldBe("CN=Wiki & Söhne");
        imported.Certificate.NotAfter.ToUniversalTime().ShouldBe(Start.AddYears(3).UtcDateTime);
        imported.Certificate.HasPrivateKey.ShouldBeFalse();
        imported.Certificate.GetRSAPublicKey()!.KeySize.ShouldBe(2048);
    }

    [Fact]
    public void A_long_subject_name_is_shortened_to_what_X520_allows()
    {
        string name = new string('a', 63) + "\U0001F511" + "tail";
        using SigningKey key = SigningKey.Create(name, Start, Start.AddYears(1));

        key.Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)
            .ShouldBe(new string('a', 63));
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused() =>
        Should
            .Throw<CryptographicException>(() =>
                SigningKey.Import(
                    TestKeys.PrivateKeyDer("test-only-sp"),
                    TestKeys.CertificateDer("test-only-idp")
                )
            )
            .Message.ShouldContain("do not belong together");

    [Fact]
    public void A_private_key_with_trailing_bytes_is_refused() =>
        Should.Throw<CryptographicException>(() =>
            SigningKey.Import(
                [.. TestKeys.PrivateKeyDer("test-only-idp"), 0],
                TestKeys.CertificateDer("test-only-idp")
            )
        );

    [Fact]
    public void A_key_of_1024_bits_is_refused_for_signing_and_for_verifying()
    {
        Should
            .Throw<CryptographicException>(() =>
                SigningKey.Import(TestKeys.PrivateKeyDer("weak"), TestKeys.CertificateDer("weak"))
            )
            .Message.ShouldContain("1024 bits");
        Should.Throw<CryptographicException>(() =>
            VerificationKey.FromCertificate(TestKeys.CertificateDer("weak"))
        );
    }

    // With e = 1 a signature is its own padded message, so that anybody can make one.
    [Fact]
    public void A_public_exponent_of_one_is_refused() =>
        Should.Throw<CryptographicException>(() =>
            VerificationKey.FromCertificate(WithPublicExponent(1))
        );

    [Fact]
    public void What_is_no_certificate_is_refused() =>
        Should.Throw<CryptographicException>(() => VerificationKey.FromCertificate("nonsense"u8));

    [Fact]
    public void One_key_serves_many_threads()
    {
        SigningKey key = TestKeys.IdentityProvider;
        byte[] digest = SHA256.HashData("x"u8);
        byte[] expected = new byte[key.SignatureLength];
        key.SignHash(digest, Sha256, expected);

        Parallel.For(
            0,
            200,
            _ =>
            {
                byte[] signature = new byte[key.SignatureLength];
                key.SignHash(digest, Sha256, signature);
                signature.ShouldBe(expected);
            }
        );
    }

    private static byte[] WithPublicExponent(byte exponent)
    {
        using RSA issuer = RSA.Create(2048);
        RSAParameters parameters = issuer.ExportParameters(includePrivateParameters: false);
        byte[] modulus = parameters.Modulus!;

        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteInteger(exponent);
        }
        PublicKey key = new(
            new Oid("1.2.840.113549.1.1.1"),
            new AsnEncodedData([5, 0]),
            new AsnEncodedData(writer.Encode())
        );
        CertificateRequest request = new(
            new X500DistinguishedName("CN=e"),
            key,
            HashAlgorithmName.SHA256
        );
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=issuer"),
            X509SignatureGenerator.CreateForRSA(issuer, RSASignaturePadding.Pkcs1),
            Start,
            Start.AddYears(1),
            [1]
        );
        return certificate.RawData;
    }
}
