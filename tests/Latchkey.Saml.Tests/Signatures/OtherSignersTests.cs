using System.Security.Cryptography.Xml;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>What System.Security.Cryptography.Xml and xmlsec1 sign in our profile is verified here (rules S2, S3).</summary>
public sealed class OtherSignersTests
{
    private const string More = "http://www.w3.org/2001/04/xmldsig-more#";
    private const string Enc = "http://www.w3.org/2001/04/xmlenc#";
    private const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

    [Theory]
    [InlineData(More + "rsa-sha256", Enc + "sha256")]
    [InlineData(More + "rsa-sha384", More + "sha384")]
    [InlineData(More + "rsa-sha512", Enc + "sha512")]
    public void S3_SignedXml_with_each_allowed_algorithm(string signature, string digest) =>
        ReceivedResponses
            .Unsigned.SignAssertion(signed =>
            {
                signed.SignedInfo!.SignatureMethod = signature;
                ((Reference)signed.SignedInfo.References[0]!).DigestMethod = digest;
            })
            .Validate()
            .ShouldBeAccepted();

    [Theory]
    [InlineData("xs")]
    [InlineData("xs xsi")]
    [InlineData("#default samlp saml xs")]
    public void S2_SignedXml_with_inclusive_prefixes(string prefixes) =>
        ReceivedResponses
            .Unsigned.With(
                "<samlp:Response ",
                "<samlp:Response xmlns=\"urn:default\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
            )
            .SignAssertion(signed =>
                ((Reference)signed.SignedInfo!.References[0]!)
                    .TransformChain[1]
                    .LoadInnerXml(Prefixes(prefixes))
            )
            .Validate()
            .ShouldBeAccepted();

    [Fact]
    public void S2_SignedXml_with_comments_in_the_canonical_SignedInfo() =>
        ReceivedResponses
            .Unsigned.SignAssertion(signed =>
                signed.SignedInfo!.CanonicalizationMethod = Exclusive + "WithComments"
            )
            .Validate()
            .ShouldBeAccepted();

    [Theory]
    [InlineData("samlp:Response", Exclusive, More + "rsa-sha256", Enc + "sha256", "")]
    [InlineData("saml:Assertion", Exclusive, More + "rsa-sha384", More + "sha384", "xs")]
    [InlineData(
        "saml:Assertion",
        Exclusive + "WithComments",
        More + "rsa-sha512",
        Enc + "sha512",
        "#default xs"
    )]
    public void S2_xmlsec1(
        string element,
        string canonicalization,
        string signature,
        string digest,
        string prefixes
    )
    {
        string xml = Xmlsec1Signer.WithTemplate(
            element,
            canonicalization,
            signature,
            digest,
            prefixes
        );

        Verdict<VerifiedAssertion> verdict = Xmlsec1Signer.Sign(xml, element).Validate();

        verdict.ShouldBeAccepted();
        verdict.Value!.Attributes[2].Values[3].ShouldBe("line\nbreak\ttab\rreturn");
    }

    [Fact]
    public void An_escaped_return_tab_and_line_feed_survive_in_text_and_attributes()
    {
        // SignedXml refuses such genuine messages, so xmlsec1 signs this one.
        string xml = Xmlsec1Signer
            .WithTemplate("saml:Assertion", Exclusive, More + "rsa-sha256", Enc + "sha256", "")
            .With("Name=\"nothing\"", "Name=\"a&#9;b&#10;c&#13;d\"");

        Verdict<VerifiedAssertion> verdict = Xmlsec1Signer.Sign(xml, "saml:Assertion").Validate();

        verdict.ShouldBeAccepted();
        verdict.Value!.Attributes[^1].Name.ShouldBe("a\tb\nc\rd");
    }

    private static System.Xml.XmlNodeList Prefixes(string prefixes)
    {
        System.Xml.XmlDocument document = new();
        document.LoadXml(
            $"<t><ec:InclusiveNamespaces xmlns:ec=\"{Exclusive}\" PrefixList=\"{prefixes}\"/></t>"
        );
        return document.DocumentElement!.ChildNodes;
    }
}
