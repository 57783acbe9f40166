using System.Diagnostics;
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
        string xml = WithTemplate(element, canonicalization, signature, digest, prefixes);

        Verdict<VerifiedAssertion> verdict = SignByXmlsec1(xml, element).Validate();

        verdict.ShouldBeAccepted();
        verdict.Value!.Attributes[2].Values[3].ShouldBe("line\nbreak\ttab\rreturn");
    }

    [Theory]
    [InlineData("ec", "ecdsa-sha256")]
    [InlineData("ec", "ecdsa-sha384")]
    [InlineData("ec", "ecdsa-sha512")]
    [InlineData("ec-p384", "ecdsa-sha384")]
    [InlineData("ec-p521", "ecdsa-sha512")]
    public void S3_xmlsec1_on_each_curve(string key, string signature)
    {
        string xml = WithTemplate(
            "saml:Assertion",
            Exclusive,
            More + signature,
            Enc + "sha256",
            ""
        );
        using VerificationKey verification = VerificationKey.FromCertificate(
            TestKeys.CertificateDer(key)
        );

        SignByXmlsec1(xml, "saml:Assertion", key)
            .Validate(ReceivedResponses.Rules with { Keys = [verification] })
            .ShouldBeAccepted();
    }

    [Fact]
    public void An_escaped_return_tab_and_line_feed_survive_in_text_and_attributes()
    {
        // SignedXml refuses such genuine messages, so xmlsec1 signs this one.
        string xml = WithTemplate(
                "saml:Assertion",
                Exclusive,
                More + "rsa-sha256",
                Enc + "sha256",
                ""
            )
            .With("Name=\"nothing\"", "Name=\"a&#9;b&#10;c&#13;d\"");

        Verdict<VerifiedAssertion> verdict = SignByXmlsec1(xml, "saml:Assertion").Validate();

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

    private static string WithTemplate(
        string element,
        string canonicalization,
        string signature,
        string digest,
        string prefixes
    )
    {
        string id =
            element == "samlp:Response"
                ? "_response0000000000000000000000000000000001"
                : "_assertion00000000000000000000000000000001";
        string inclusive =
            prefixes.Length == 0
                ? ""
                : $"<ec:InclusiveNamespaces xmlns:ec=\"{Exclusive}\" PrefixList=\"{prefixes}\"/>";
        string template = $"""
            <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
              <ds:SignedInfo>
                <!-- a comment that counts only where comments are kept -->
                <ds:CanonicalizationMethod Algorithm="{canonicalization}"/>
                <ds:SignatureMethod Algorithm="{signature}"/>
                <ds:Reference URI="#{id}">
                  <ds:Transforms>
                    <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
                    <ds:Transform Algorithm="{canonicalization}">{inclusive}</ds:Transform>
                  </ds:Transforms>
                  <ds:DigestMethod Algorithm="{digest}"/>
                  <ds:DigestValue></ds:DigestValue>
                </ds:Reference>
              </ds:SignedInfo>
              <ds:SignatureValue></ds:SignatureValue>
              <ds:KeyInfo><ds:KeyName>whatever</ds:KeyName></ds:KeyInfo>
            </ds:Signature>
            """;
        string before = element == "samlp:Response" ? "<samlp:Status>" : "<saml:Subject>";
        return ReceivedResponses
            .Unsigned.With(
                "<samlp:Response ",
                "<!-- before --><samlp:Response xmlns=\"urn:default\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
            )
            .With("<saml:NameID", "<!-- inside -->\n    <saml:NameID")
            .With(before, template + before);
    }

    private static string SignByXmlsec1(string xml, string element, string key = "test-only-idp")
    {
        string folder = Directory.CreateTempSubdirectory("latchkey-xmlsec1-").FullName;
        try
        {
            string file = Path.Combine(folder, "in.xml");
            string output = Path.Combine(folder, "out.xml");
            File.WriteAllText(file, xml, new UTF8Encoding(false));
            ProcessStartInfo start = new("xmlsec1")
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            string ns =
                element == "samlp:Response"
                    ? "urn:oasis:names:tc:SAML:2.0:protocol"
                    : "urn:oasis:names:tc:SAML:2.0:assertion";
            string[] arguments =
            [
                "--sign",
                "--privkey-pem",
                TestData.PathOf($"keys/{key}.key.pem"),
                "--id-attr:ID",
                $"{ns}:{element[(element.IndexOf(':', StringComparison.Ordinal) + 1)..]}",
                "--output",
                output,
                file,
            ];
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, errors);
            return File.ReadAllText(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
