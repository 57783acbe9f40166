using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;
using static Latchkey.Saml.Tests.Signatures.SignedMessages;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>Each signature algorithm with each key that can make it, in XML and in queries (rule S3).</summary>
[Trait("Rule", "S3")]
public sealed class EveryAlgorithmTests
{
    /// <summary>The name of a key, and an algorithm for it.</summary>
    public static TheoryData<string, SignatureAlgorithm> Pairs
    {
        get
        {
            TheoryData<string, SignatureAlgorithm> data = [];
            foreach (SignatureAlgorithm algorithm in Enum.GetValues<SignatureAlgorithm>())
                if (algorithm == SignatureAlgorithm.RsaSha1)
                    continue;
                else if (SignatureSuite.Of(algorithm).Family == SignatureFamily.Ecdsa)
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

    [Fact]
    [Trait("Rule", "S3")]
    public void What_is_signed_with_sha1_is_verified_only_where_sha1_is_allowed()
    {
        using SigningKey signing = TestKeys.Load("test-only-idp");
        using VerificationKey verification = Verification("test-only-idp");
        string written = Written(signing, SignatureAlgorithm.RsaSha1);
        ResponseRules rules = ReceivedResponses.Rules with { Keys = [verification] };

        written.Validate(rules with { AllowSha1 = true }).Accepted.ShouldBeTrue();
        written.Validate(rules).Accepted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("ec", SignatureAlgorithm.EcdsaSha256, true)]
    [InlineData("ec", SignatureAlgorithm.RsaSha256, false)]
    [InlineData("test-only-idp", SignatureAlgorithm.RsaPssSha512, true)]
    [InlineData("test-only-idp", SignatureAlgorithm.EcdsaSha256, false)]
    public void A_key_says_which_algorithms_it_is_for(
        string key,
        SignatureAlgorithm algorithm,
        bool expected
    )
    {
        using SigningKey signing = TestKeys.Load(key);

        signing.Supports(algorithm).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void B1_What_is_signed_in_a_query_is_verified(string key, SignatureAlgorithm algorithm)
    {
        using SigningKey signing = TestKeys.Load(key);
        using VerificationKey verification = Verification(key);
        string url = MessageWriter.ToRedirectUrl(Request, SignOn, "state", signing, algorithm);

        Verdict<Received<AuthnRequest>> verdict = Receive(url, verification);

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
        MessageWriter
            .ToRedirectUrl(Request, SignOn, key: signing)
            .ShouldContain(Uri.EscapeDataString(SignatureSuite.Of(expected).SignatureUri));
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
        string url = MessageWriter.ToRedirectUrl(Request, SignOn, key: signing);

        Receive(url.With(named, claimed), verification).ShouldBeRefusedFor("signature-invalid");
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
}
