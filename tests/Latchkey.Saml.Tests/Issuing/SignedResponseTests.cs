using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Issuing;

public sealed class SignedResponseTests
{
    private const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
    private const string Response = "urn:oasis:names:tc:SAML:2.0:protocol:Response";
    private const string ResponseSignature = "/*/*[local-name()='Signature']";
    private const string AssertionSignature =
        "/*/*[local-name()='Assertion']/*[local-name()='Signature']";

    /// <summary>What has no randomness in it; the other algorithms are in <see cref="Signatures.EveryAlgorithmTests"/>.</summary>
    public static TheoryData<SignedParts, SignatureAlgorithm> Everything
    {
        get
        {
            TheoryData<SignedParts, SignatureAlgorithm> data = [];
            foreach (SignedParts parts in Enum.GetValues<SignedParts>())
            foreach (
                SignatureAlgorithm algorithm in new[]
                {
                    SignatureAlgorithm.RsaSha256,
                    SignatureAlgorithm.RsaSha384,
                    SignatureAlgorithm.RsaSha512,
                }
            )
                data.Add(parts, algorithm);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_whole_message_is_the_same_byte_for_byte(
        SignedParts parts,
        SignatureAlgorithm algorithm
    ) =>
        ResponseWriter
            .Write(SampleResponses.Ada, TestKeys.IdentityProvider, parts, algorithm)
            .ShouldEqualGolden($"golden/response-{parts}-{algorithm}.xml");

    [Theory]
    [MemberData(nameof(Everything))]
    public void Xmlsec1_verifies_every_signature(SignedParts parts, SignatureAlgorithm algorithm)
    {
        byte[] xml = ResponseWriter.Write(
            SampleResponses.Ada,
            TestKeys.IdentityProvider,
            parts,
            algorithm
        );

        string certificate = TestData.PathOf("keys/test-only-idp.crt.pem");
        if (parts != SignedParts.Response)
            Xmlsec1.ShouldVerify(xml, certificate, AssertionSignature, Assertion, Response);
        if (parts != SignedParts.Assertion)
            Xmlsec1.ShouldVerify(xml, certificate, ResponseSignature, Assertion, Response);
    }

    [Fact]
    public void Xmlsec1_verifies_a_message_without_attributes()
    {
        byte[] xml = ResponseWriter.Write(
            SampleResponses.WithoutAttributes,
            TestKeys.IdentityProvider,
            SignedParts.AssertionAndResponse,
            SignatureAlgorithm.RsaSha256
        );

        string certificate = TestData.PathOf("keys/test-only-idp.crt.pem");
        Xmlsec1.ShouldVerify(xml, certificate, AssertionSignature, Assertion, Response);
        Xmlsec1.ShouldVerify(xml, certificate, ResponseSignature, Assertion, Response);
    }

    [Fact]
    public void Xmlsec1_refuses_it_when_one_byte_is_changed()
    {
        byte[] xml = ResponseWriter.Write(
            SampleResponses.Ada,
            TestKeys.IdentityProvider,
            SignedParts.AssertionAndResponse,
            SignatureAlgorithm.RsaSha256
        );
        string changed = Encoding
            .UTF8.GetString(xml)
            .Replace("Engineering", "Engineerinh", StringComparison.Ordinal);

        Xmlsec1
            .Verify(
                Encoding.UTF8.GetBytes(changed),
                TestData.PathOf("keys/test-only-idp.crt.pem"),
                AssertionSignature,
                Assertion,
                Response
            )
            .ExitCode.ShouldNotBe(0);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void SignedXml_verifies_every_signature_of_a_message_without_control_characters(
        SignedParts parts,
        SignatureAlgorithm algorithm
    )
    {
        // SignedXml refuses genuine signatures over an escaped carriage return, so this sample has none.
        byte[] xml = ResponseWriter.Write(
            SampleResponses.Plain,
            TestKeys.IdentityProvider,
            parts,
            algorithm
        );
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(Encoding.UTF8.GetString(xml));

        XmlNodeList signatures = document.GetElementsByTagName(
            "Signature",
            SignedXml.XmlDsigNamespaceUrl
        );
        signatures.Count.ShouldBe(parts == SignedParts.AssertionAndResponse ? 2 : 1);
        foreach (XmlElement signature in signatures)
        {
            SignedXml signed = new((XmlElement)signature.ParentNode!);
            signed.LoadXml(signature);
            signed
                .CheckSignature(TestKeys.IdentityProvider.Certificate.GetRSAPublicKey()!)
                .ShouldBeTrue();
        }
    }

    [Fact]
    [Trait("Requirement", "C-06")]
    public void Every_signature_carries_the_certificate()
    {
        string xml = Encoding.UTF8.GetString(
            ResponseWriter.Write(
                SampleResponses.Ada,
                TestKeys.IdentityProvider,
                SignedParts.AssertionAndResponse,
                SignatureAlgorithm.RsaSha256
            )
        );

        string certificate = Convert.ToBase64String(TestKeys.IdentityProvider.Certificate.RawData);
        xml.Split($"<ds:X509Certificate>{certificate}</ds:X509Certificate>").Length.ShouldBe(3);
    }

    [Fact]
    public void The_form_value_is_the_message_in_base64_in_both_forms()
    {
        byte[] xml = Write();
        System.Buffers.ArrayBufferWriter<byte> output = new();

        ResponseWriter.WriteFormValue(
            SampleResponses.Ada,
            TestKeys.IdentityProvider,
            SignedParts.Assertion,
            SignatureAlgorithm.RsaSha256,
            output
        );
        string text = ResponseWriter.WriteFormValue(
            SampleResponses.Ada,
            TestKeys.IdentityProvider,
            SignedParts.Assertion,
            SignatureAlgorithm.RsaSha256
        );

        Convert.FromBase64String(text).ShouldBe(xml);
        Encoding.ASCII.GetString(output.WrittenSpan).ShouldBe(text);
    }

    [Fact]
    public void An_unsolicited_response_names_no_request()
    {
        string xml = Encoding.UTF8.GetString(
            Write(SampleResponses.Ada with { InResponseTo = null })
        );

        xml.ShouldNotContain("InResponseTo");
    }

    [Fact]
    [Trait("Requirement", "IIP-IDP11")]
    public void An_assertion_without_NameID_still_has_its_bearer_confirmation()
    {
        ResponseToIssue anonymous = SampleResponses.Ada with
        {
            Assertion = SampleResponses.Ada.Assertion with { NameId = null },
        };

        string xml = Encoding.UTF8.GetString(Write(anonymous));

        xml.ShouldNotContain("NameID");
        xml.ShouldContain("<saml:Subject><saml:SubjectConfirmation Method=");
    }

    [Fact]
    public void A_very_long_message_outgrows_the_first_buffer_and_still_verifies()
    {
        string[] many = [.. Enumerable.Range(0, 3000).Select(n => $"group {n} <&> ä")];
        ResponseToIssue large = SampleResponses.Ada with
        {
            Assertion = SampleResponses.Ada.Assertion with { Attributes = [new("groups", many)] },
        };

        Xmlsec1.ShouldVerify(
            Write(large),
            TestData.PathOf("keys/test-only-idp.crt.pem"),
            AssertionSignature,
            Assertion,
            Response
        );
    }

    private static byte[] Write(ResponseToIssue? response = null) =>
        ResponseWriter.Write(
            response ?? SampleResponses.Ada,
            TestKeys.IdentityProvider,
            SignedParts.Assertion,
            SignatureAlgorithm.RsaSha256
        );
}
