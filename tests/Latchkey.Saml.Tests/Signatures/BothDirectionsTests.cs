using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Tests.Encryption;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>
/// Every algorithm with every key, signed here and verified by xmlsec1, and the other way round. Of RSA-PSS xmlsec1
/// knows nothing before its version 1.3, so OpenSSL takes its place over the same canonical SignedInfo.
/// </summary>
[Trait("Rule", "S3")]
public sealed class BothDirectionsTests
{
    private const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
    private const string Response = "urn:oasis:names:tc:SAML:2.0:protocol:Response";

    public static TheoryData<string, SignatureAlgorithm> KnownToXmlsec1 =>
        Pairs(algorithm => !IsPss(algorithm));

    public static TheoryData<string, SignatureAlgorithm> Pss => Pairs(IsPss);

    [Theory]
    [MemberData(nameof(KnownToXmlsec1))]
    public void Xmlsec1_verifies_what_is_signed_here(string key, SignatureAlgorithm algorithm)
    {
        using SigningKey signing = TestKeys.Load(key);
        byte[] xml = Written(signing, algorithm);

        foreach (
            string xpath in (string[])
                [
                    "/*/*[local-name()='Signature']",
                    "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
                ]
        )
            Xmlsec1.ShouldVerify(
                xml,
                TestData.PathOf($"keys/{key}.crt.pem"),
                xpath,
                Assertion,
                Response
            );
    }

    [Theory]
    [MemberData(nameof(KnownToXmlsec1))]
    public void What_xmlsec1_signs_is_verified_here(string key, SignatureAlgorithm algorithm)
    {
        SignatureSuite suite = SignatureSuite.Of(algorithm);
        using VerificationKey verification = VerificationKey.FromCertificate(
            TestKeys.CertificateDer(key)
        );

        foreach (string element in (string[])["saml:Assertion", "samlp:Response"])
            Xmlsec1Signer
                .Sign(
                    Xmlsec1Signer.WithTemplate(
                        element,
                        Exclusive,
                        suite.SignatureUri,
                        suite.DigestUri,
                        "xs"
                    ),
                    element,
                    key
                )
                .Validate(
                    ReceivedResponses.Rules with
                    {
                        Keys = [verification],
                        AllowSha1 = algorithm == SignatureAlgorithm.RsaSha1,
                    }
                )
                .ShouldBeAccepted();
    }

    [Theory]
    [MemberData(nameof(Pss))]
    public void OpenSSL_verifies_the_PSS_signatures_made_here(
        string key,
        SignatureAlgorithm algorithm
    )
    {
        using SigningKey signing = TestKeys.Load(key);
        (byte[] signedInfo, string value) = Signature(
            Written(signing, algorithm, SignedParts.Response)
        );

        Openssl.ShouldVerifyPss(
            key,
            signedInfo,
            Convert.FromBase64String(value),
            HashOf(algorithm)
        );
    }

    [Theory]
    [MemberData(nameof(Pss))]
    public void The_PSS_signatures_that_OpenSSL_makes_are_verified_here(
        string key,
        SignatureAlgorithm algorithm
    )
    {
        using SigningKey signing = TestKeys.Load(key);
        byte[] written = Written(signing, algorithm, SignedParts.Response);
        (byte[] signedInfo, string value) = Signature(written);

        string theirs = Convert.ToBase64String(Openssl.SignPss(key, signedInfo, HashOf(algorithm)));

        theirs.ShouldNotBe(value);
        Encoding.UTF8.GetString(written).With(value, theirs).Validate().ShouldBeAccepted();
    }

    private static string HashOf(SignatureAlgorithm algorithm) =>
        SignatureSuite.Of(algorithm).Hash.Name!.ToLowerInvariant();

    // What the signature of the Response covers, and its value.
    private static (byte[] SignedInfo, string Value) Signature(byte[] xml)
    {
        using Tape tape = Tape.Read(xml, MessageLimits.Default, new FindingList())!;
        foreach (XmlElement child in tape.Root.Children)
            if (
                child.Is(XmlNamespace.Signature, "Signature"u8)
                && ReceivedSignature.TryRead(
                    tape.Root,
                    child,
                    allowSha1: false,
                    new FindingList(),
                    out ReceivedSignature signature
                )
            )
                return (
                    CanonicalForms.Ours(signature.SignedInfo, comments: false, ""),
                    signature.SignatureValue.Text!
                );
        throw new InvalidOperationException("The Response has no signature.");
    }

    private static TheoryData<string, SignatureAlgorithm> Pairs(
        Func<SignatureAlgorithm, bool> chosen
    )
    {
        TheoryData<string, SignatureAlgorithm> data = [];
        foreach (SignatureAlgorithm algorithm in Enum.GetValues<SignatureAlgorithm>().Where(chosen))
            if (SignatureSuite.Of(algorithm).Family == SignatureFamily.Ecdsa)
                foreach (string key in (string[])["ec", "ec-p384", "ec-p521"])
                    data.Add(key, algorithm);
            else
                data.Add("test-only-idp", algorithm);
        return data;
    }

    private static bool IsPss(SignatureAlgorithm algorithm) =>
        algorithm
            is SignatureAlgorithm.RsaPssSha256
                or SignatureAlgorithm.RsaPssSha384
                or SignatureAlgorithm.RsaPssSha512;

    private static byte[] Written(
        SigningKey key,
        SignatureAlgorithm algorithm,
        SignedParts parts = SignedParts.AssertionAndResponse
    ) => ResponseWriter.Write(SampleResponses.Ada, key, parts, algorithm);
}
