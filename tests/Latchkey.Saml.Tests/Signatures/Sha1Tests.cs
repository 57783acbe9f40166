using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;
using static Latchkey.Saml.Tests.Signatures.SignedMessages;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>SHA-1 is behind a switch that leaves a warning, and lets nothing else pass (rule S3).</summary>
[Trait("Rule", "S3")]
public sealed class Sha1Tests
{
    private const string Sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    private const string RsaSha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";

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
        string url = MessageWriter.ToRedirectUrl(Request, SignOn);
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
        Verdict<Received<AuthnRequest>> verdict = Receive(
            "?" + query,
            verification,
            allowSha1: true
        );
        verdict.ShouldBeAccepted();
        verdict.Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Sha1Used);
    }
}
