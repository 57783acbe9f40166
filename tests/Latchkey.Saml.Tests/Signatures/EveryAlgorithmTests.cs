using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>Each signature algorithm with each key that can make it, in XML and in queries (rule S3).</summary>
[Trait("Rule", "S3")]
public sealed class EveryAlgorithmTests
{
    private const string SignOn = "https://id.example.test/saml2/wiki";
    private const string Sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    private const string RsaSha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
        Destination = SignOn,
    };

    /// <summary>The name of a key, and an algorithm for it.</summary>
    public static TheoryData<string, SignatureAlgorithm> Pairs
    {
        get
        {
            TheoryData<string, SignatureAlgorithm> data = [];
            foreach (SignatureAlgorithm algorithm in Enum.GetValues<SignatureAlgorithm>())
                if (SignatureSuite.Of(algorithm).Family == SignatureFamily.Ecdsa)
                    foreach (string key in (string[])["ec", "ec-p384", "ec-p521"])
                        data.Add(key, algorithm);
                else
                    data.Add("test-only-idp", algorithm);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_is_signed_in_XML_is_verified(string key, SignatureAlgorithm algorithm)
    {
        using SigningKey signing = TestKeys.Load(key);
        using VerificationKey verification = Verification(key);

        Written(signing, algorithm)
            .Validate(ReceivedResponses.Rules with { Keys = [verification] })
            .ShouldBeAccepted();
    }

    [Theory]
    [InlineData("ec", SignatureAlgorithm.EcdsaSha256)]
    [InlineData("ec-p384", SignatureAlgorithm.EcdsaSha384)]
    [InlineData("ec-p521", SignatureAlgorithm.EcdsaSha512)]
    [InlineData("ec-p521", SignatureAlgorithm.EcdsaSha256)]
    public void Xmlsec1_verifies_each_curve(string key, SignatureAlgorithm algorithm)
    {
        using SigningKey signing = TestKeys.Load(key);

        Xmlsec1.ShouldVerify(
            Encoding.UTF8.GetBytes(Written(signing, algorithm)),
            TestData.PathOf($"keys/{key}.crt.pem"),
            "/*/*[local-name()='Signature']",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response"
        );
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void B1_What_is_signed_in_a_query_is_verified(string key, SignatureAlgorithm algorithm)
    {
        using SigningKey signing = TestKeys.Load(key);
        using VerificationKey verification = Verification(key);
        string url = AuthnRequestWriter.ToRedirectUrl(Request, SignOn, "state", signing, algorithm);

        Verdict<ReceivedAuthnRequest> verdict = Receive(url, verification);

        verdict.ShouldBeAccepted();
        verdict.Value!.Signed.ShouldBeTrue();
        Receive(url.With("RelayState=state", "RelayState=other"), verification)
            .ShouldBeRefusedFor("signature-invalid");
    }

    [Theory]
    [InlineData("ec", SignatureAlgorithm.EcdsaSha256)]
    [InlineData("ec-p384", SignatureAlgorithm.EcdsaSha384)]
    [InlineData("ec-p521", SignatureAlgorithm.EcdsaSha512)]
    [InlineData("test-only-idp", SignatureAlgorithm.RsaSha256)]
    public void Without_a_choice_the_key_chooses(string key, SignatureAlgorithm expected)
    {
        using SigningKey signing = TestKeys.Load(key);

        signing.DefaultAlgorithm.ShouldBe(expected);
        AuthnRequestWriter
            .ToRedirectUrl(Request, SignOn, key: signing)
            .ShouldContain(Uri.EscapeDataString(SignatureSuite.Of(expected).SignatureUri));
    }

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

    [Theory]
    [InlineData("ec", SignatureAlgorithm.RsaSha256)]
    [InlineData("ec", SignatureAlgorithm.RsaPssSha256)]
    [InlineData("test-only-idp", SignatureAlgorithm.EcdsaSha256)]
    public void A_key_does_not_sign_with_an_algorithm_of_another_kind(
        string key,
        SignatureAlgorithm algorithm
    )
    {
        using SigningKey signing = TestKeys.Load(key);

        Should.Throw<ArgumentException>(() => Written(signing, algorithm));
    }

    [Theory]
    [InlineData("ec", "ecdsa-sha256", "rsa-sha256")]
    [InlineData("test-only-idp", "rsa-sha256", "ecdsa-sha256")]
    public void A_query_that_names_an_algorithm_of_another_kind_is_refused(
        string key,
        string named,
        string claimed
    )
    {
        using SigningKey signing = TestKeys.Load(key);
        using VerificationKey verification = Verification(key);
        string url = AuthnRequestWriter.ToRedirectUrl(Request, SignOn, key: signing);

        Receive(url.With(named, claimed), verification).ShouldBeRefusedFor("signature-invalid");
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

    [Fact]
    public void A_PKCS1_signature_is_no_PSS_signature()
    {
        using VerificationKey verification = Verification("test-only-idp");
        byte[] digest = SHA256.HashData("x"u8);
        byte[] pkcs1 = ReceivedResponses
            .PrivateKey()
            .SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        verification
            .VerifyHash(digest, pkcs1, SignatureSuite.Of(SignatureAlgorithm.RsaPssSha256))
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData(RsaSha1, SignedXml.XmlDsigSHA256Url, "signature-algorithm")]
    [InlineData(SignedXml.XmlDsigRSASHA256Url, Sha1, "digest-algorithm")]
    public void SHA1_is_refused_unless_switched_on_and_then_leaves_a_warning(
        string signature,
        string digest,
        string code
    )
    {
        string xml = ReceivedResponses.Unsigned.SignAssertion(signed =>
        {
            signed.SignedInfo!.SignatureMethod = signature;
            ((Reference)signed.SignedInfo.References[0]!).DigestMethod = digest;
        });

        xml.Validate().ShouldBeRefusedFor(code);
        Verdict<VerifiedAssertion> verdict = xml.Validate(
            ReceivedResponses.Rules with
            {
                AllowSha1 = true,
            }
        );
        verdict.ShouldBeAccepted();
        verdict.Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Sha1Used);
    }

    [Theory]
    [InlineData(SignedXml.XmlDsigHMACSHA1Url)]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-md5")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1")]
    [InlineData("http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1")]
    [InlineData("http://www.w3.org/2007/05/xmldsig-more#rsa-pss")]
    public void The_switch_for_SHA1_lets_nothing_else_pass(string algorithm) =>
        ReceivedResponses
            .Written(SignedParts.Assertion)
            .With("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", algorithm)
            .Validate(ReceivedResponses.Rules with { AllowSha1 = true })
            .ShouldBeRefusedFor("signature-algorithm");

    [Fact]
    public void B1_SHA1_in_a_query_is_refused_unless_switched_on_and_then_leaves_a_warning()
    {
        string url = AuthnRequestWriter.ToRedirectUrl(Request, SignOn);
        string query =
            url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..]
            + "&SigAlg="
            + Uri.EscapeDataString(RsaSha1);
        byte[] signature = ReceivedResponses
            .PrivateKey()
            .SignData(
                Encoding.ASCII.GetBytes(query),
                HashAlgorithmName.SHA1,
                RSASignaturePadding.Pkcs1
            );
        query += "&Signature=" + Uri.EscapeDataString(Convert.ToBase64String(signature));
        using VerificationKey verification = Verification("test-only-idp");

        Receive("?" + query, verification).ShouldBeRefusedFor("signature-algorithm");
        Verdict<ReceivedAuthnRequest> verdict = Receive("?" + query, verification, allowSha1: true);
        verdict.ShouldBeAccepted();
        verdict.Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Sha1Used);
    }

    private static string Written(SigningKey key, SignatureAlgorithm algorithm) =>
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                SampleResponses.Ada,
                key,
                SignedParts.AssertionAndResponse,
                algorithm
            )
        );

    private static VerificationKey Verification(string name) =>
        VerificationKey.FromCertificate(TestKeys.CertificateDer(name));

    private static Verdict<ReceivedAuthnRequest> Receive(
        string url,
        VerificationKey key,
        bool allowSha1 = false
    ) =>
        AuthnRequestValidator.ValidateRedirect(
            url[url.IndexOf('?', StringComparison.Ordinal)..],
            new AuthnRequestRules
            {
                ServiceProviderEntityId = Request.Issuer,
                Destination = SignOn,
                Keys = [key],
                RequireSignature = true,
                AllowSha1 = allowSha1,
                Now = SampleResponses.Now,
            }
        );
}
