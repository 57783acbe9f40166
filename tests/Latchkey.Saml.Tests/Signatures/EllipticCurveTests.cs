using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;
using static Latchkey.Saml.Tests.Signatures.SignedMessages;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>Keys of elliptic curves, and what is a signature by one (rule S3).</summary>
[Trait("Rule", "S3")]
public sealed class EllipticCurveTests
{
    [Theory]
    [InlineData(EllipticCurve.P256, 64)]
    [InlineData(EllipticCurve.P384, 96)]
    [InlineData(EllipticCurve.P521, 132)]
    public void A_created_key_survives_export_and_import(EllipticCurve curve, int length)
    {
        using SigningKey created = SigningKey.Create(
            "Wiki",
            SampleResponses.Now,
            SampleResponses.Now.AddYears(1),
            curve
        );
        using SigningKey imported = SigningKey.Import(
            created.ExportPkcs8(),
            created.Certificate.RawData
        );

        imported.SignatureLength.ShouldBe(length);
        imported.Certificate.HasPrivateKey.ShouldBeFalse();
        using VerificationKey verification = VerificationKey.FromCertificate(
            created.Certificate.RawData
        );
        Written(imported, imported.DefaultAlgorithm)
            .Validate(ReceivedResponses.Rules with { Keys = [verification] })
            .ShouldBeAccepted();
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused() =>
        Should
            .Throw<CryptographicException>(() =>
                SigningKey.Import(TestKeys.PrivateKeyDer("ec-p384"), TestKeys.CertificateDer("ec"))
            )
            .Message.ShouldContain("do not belong together");

    [Fact]
    public void Another_curve_is_refused_for_signing_and_for_verifying()
    {
        Should
            .Throw<CryptographicException>(() => Verification("ec-k1"))
            .Message.ShouldContain("P-256, P-384 and P-521 are accepted");
        Should.Throw<CryptographicException>(() => TestKeys.Load("ec-k1"));
    }

    // CVE-2022-21449: with r = s = 0 every message verified under every key.
    [Theory]
    [InlineData("ec", "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")]
    [InlineData(
        "ec-p384",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"
    )]
    [InlineData(
        "ec-p521",
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"
    )]
    public void R_and_s_are_from_one_to_the_order_less_one(string key, string order)
    {
        using SigningKey signing = TestKeys.Load(key);
        using VerificationKey verification = Verification(key);
        SignatureSuite suite = SignatureSuite.Of(signing.DefaultAlgorithm);
        byte[] digest = new byte[suite.DigestLength];
        byte[] good = new byte[signing.SignatureLength];
        signing.SignHash(digest, suite, good);
        byte[] n = Convert.FromHexString(order);
        byte[] zero = new byte[n.Length];
        byte[] r = good[..n.Length];
        byte[] s = good[n.Length..];

        verification.VerifyHash(digest, good, suite).ShouldBeTrue();
        foreach (
            byte[] bad in (byte[][])
                [
                    [.. zero, .. zero],
                    [.. zero, .. s],
                    [.. r, .. zero],
                    [.. n, .. s],
                    [.. r, .. n],
                    [.. n, .. n],
                    [],
                    r,
                    good[..^1],
                    [.. good, 0],
                    [0, .. r, 0, .. s],
                ]
        )
            verification.VerifyHash(digest, bad, suite).ShouldBeFalse();
    }

    [Fact]
    public void A_signature_in_DER_is_not_one()
    {
        using ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(TestKeys.PrivateKeyDer("ec"), out _);
        using VerificationKey verification = Verification("ec");
        byte[] digest = SHA256.HashData("x"u8);

        verification
            .VerifyHash(
                digest,
                key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence),
                SignatureSuite.Of(SignatureAlgorithm.EcdsaSha256)
            )
            .ShouldBeFalse();
    }
}
