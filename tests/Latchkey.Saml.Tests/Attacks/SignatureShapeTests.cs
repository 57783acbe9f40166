using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Signatures with something missing, something more or something weaker (rules S1 to S6).</summary>
public sealed class SignatureShapeTests
{
    private const string Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>Rule, what is done, what stands in the signed message (a pattern), what it becomes, the finding.</summary>
    public static TheoryData<string, string, string, string, string> Shapes =>
        new()
        {
            { "S1", "no Reference", "<ds:Reference .*?</ds:Reference>", "", "signature-shape" },
            { "S1", "two References", "(<ds:Reference .*?</ds:Reference>)", "$1$1", "signature-shape" },
            { "S1", "Reference without URI", " URI=\"[^\"]*\"", "", "signature-reference" },
            { "S1", "Reference to the whole document", "URI=\"[^\"]*\"", "URI=\"\"", "signature-reference" },
            { "S1", "Reference to something else", "URI=\"[^\"]*\"", "URI=\"#_response0000000000000000000000000000000001\"", "signature-reference" },
            { "S1", "Reference by XPointer", "URI=\"[^\"]*\"", "URI=\"#xpointer(/)\"", "signature-reference" },
            { "S1", "Reference to a file", "URI=\"[^\"]*\"", "URI=\"file:///etc/passwd\"", "signature-reference" },
            { "S2", "inclusive canonicalization of SignedInfo", "CanonicalizationMethod Algorithm=\"[^\"]*\"", "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"", "signature-canonicalization" },
            { "S2", "canonicalization of one's own", "CanonicalizationMethod Algorithm=\"[^\"]*\"", "CanonicalizationMethod Algorithm=\"urn:evil\"", "signature-canonicalization" },
            { "S2", "no transforms", "<ds:Transforms>.*?</ds:Transforms>", "", "signature-shape" },
            { "S2", "one transform", "(<ds:Transform Algorithm=\"[^\"]*enveloped-signature\"></ds:Transform>).*?</ds:Transforms>", "$1</ds:Transforms>", "signature-shape" },
            { "S2", "three transforms", "</ds:Transforms>", "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>", "signature-shape" },
            { "S2", "an XPath transform", "Transform Algorithm=\"[^\"]*enveloped-signature\">", "Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">", "signature-transforms" },
            { "S2", "an XSLT transform", "Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">", "Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">", "signature-transforms" },
            { "S2", "something inside a transform", "(enveloped-signature\">)", "$1<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>", "signature-shape" },
            { "S3", "HMAC", "SignatureMethod Algorithm=\"[^\"]*\"", "SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"", "signature-algorithm" },
            { "S3", "truncated HMAC", "(<ds:SignatureMethod Algorithm=\"[^\"]*\">)", "$1<ds:HMACOutputLength>8</ds:HMACOutputLength>", "signature-shape" },
            { "S3", "RSA with SHA-1", "SignatureMethod Algorithm=\"[^\"]*\"", "SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"", "signature-algorithm" },
            { "S3", "RSA with MD5", "SignatureMethod Algorithm=\"[^\"]*\"", "SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-md5\"", "signature-algorithm" },
            { "S3", "no algorithm", "SignatureMethod Algorithm=\"[^\"]*\"", "SignatureMethod", "signature-algorithm" },
            { "S3", "digest by SHA-1", "DigestMethod Algorithm=\"[^\"]*\"", "DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"", "digest-algorithm" },
            { "S3", "digest by MD5", "DigestMethod Algorithm=\"[^\"]*\"", "DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"", "digest-algorithm" },
            { "S5", "no SignatureValue", "<ds:SignatureValue>.*?</ds:SignatureValue>", "", "signature-shape" },
            { "S5", "two SignatureValues", "(<ds:SignatureValue>.*?</ds:SignatureValue>)", "$1$1", "signature-shape" },
            { "S5", "empty SignatureValue", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue></ds:SignatureValue>", "signature-shape" },
            { "S5", "SignatureValue of zeros", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue>" + Zeros + "</ds:SignatureValue>", "signature-invalid" },
            { "S5", "SignatureValue cut short", "<ds:SignatureValue>(.{40}).*?</ds:SignatureValue>", "<ds:SignatureValue>$1</ds:SignatureValue>", "signature-invalid" },
            { "S5", "SignatureValue that is no base64", "<ds:SignatureValue>", "<ds:SignatureValue>*", "signature-value-malformed" },
            { "S5", "SignatureValue with stray bits", "==</ds:SignatureValue>", "B==</ds:SignatureValue>", "signature-value-malformed" },
            { "S5", "comment in the SignatureValue", "<ds:SignatureValue>", "<ds:SignatureValue><!-- -->", "signature-shape" },
            { "S5", "element in the SignatureValue", "<ds:SignatureValue>", "<ds:SignatureValue><ds:SignatureValue/>", "signature-shape" },
            { "S5", "comment in the DigestValue", "<ds:DigestValue>", "<ds:DigestValue><!-- -->", "signature-shape" },
            { "S5", "another digest before a comment", "<ds:DigestValue>", "<ds:DigestValue>" + Zeros + "<!-- -->", "signature-shape" },
            { "S5", "empty DigestValue", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue></ds:DigestValue>", "signature-shape" },
            { "S5", "DigestValue of zeros", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue>" + Zeros + "</ds:DigestValue>", "digest-mismatch" },
            { "S5", "DigestValue cut short", "<ds:DigestValue>(.{8}).*?</ds:DigestValue>", "<ds:DigestValue>$1</ds:DigestValue>", "signature-value-malformed" },
            { "S5", "two DigestValues", "(<ds:DigestValue>.*?</ds:DigestValue>)", "$1$1", "signature-shape" },
            { "S5", "two SignedInfo", "(<ds:SignedInfo>.*?</ds:SignedInfo>)", "$1$1", "signature-shape" },
            { "S5", "SignedInfo at the end", "(<ds:SignedInfo>.*?</ds:SignedInfo>)(.*?)</ds:Signature>", "$2$1</ds:Signature>", "signature-shape" },
            { "S5", "an Object", "</ds:Signature>", "<ds:Object/></ds:Signature>", "signature-shape" },
            { "S5", "two KeyInfo", "</ds:Signature>", "<ds:KeyInfo/></ds:Signature>", "signature-shape" },
            { "S5", "a Manifest in the Reference's place", "ds:Reference", "ds:Manifest", "signature-shape" },
            { "S1", "Signature moved to the end of its parent", "(<ds:Signature .*?</ds:Signature>)(.*)</saml:Assertion>", "$2$1</saml:Assertion>", "element-unexpected" },
            { "S1", "second Signature", "(<ds:Signature .*?</ds:Signature>)", "$1$1", "element-unexpected" },
            { "S8", "altered assertion", "ada@example.test</saml:NameID>", "eve@example.test</saml:NameID>", "digest-mismatch" },
            { "S8", "altered SignedInfo", "<ds:SignedInfo>", "<ds:SignedInfo Id=\"x\">", "signature-invalid" },
            { "X1", "processing instruction in a name", "ada@example.test</saml:NameID>", "ada@<?x y?>example.test</saml:NameID>", "xml-processing-instruction" },
            { "X1", "second root", "</samlp:Response>", "</samlp:Response><samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>", "xml-malformed" },
            { "X1", "entity", "^", "<!DOCTYPE samlp:Response [<!ENTITY x \"eve\">]>", "xml-doctype" },
            { "X3", "samlp:ID beside ID", "<saml:Assertion ", "<saml:Assertion xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" samlp:ID=\"_assertion00000000000000000000000000000001\" ", "xml-duplicate-id" },
            { "X3", "xml:id beside ID", "<saml:Assertion ", "<saml:Assertion xml:id=\"_assertion00000000000000000000000000000001\" ", "xml-duplicate-id" },
            { "X3", "Id of the Signature like the Assertion's", "<ds:Signature ", "<ds:Signature Id=\"_assertion00000000000000000000000000000001\" ", "xml-duplicate-id" },
            { "X3", "relative namespace", "<saml:Assertion ", "<saml:Assertion xmlns:r=\"relative\" ", "xml-namespace" },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_signature_that_is_not_what_it_should_be_is_refused(string rule, string what, string pattern, string replacement, string code)
    {
        string genuine = ReceivedResponses.Written(SignedParts.Assertion);
        string attack = Regex.Replace(genuine, pattern, replacement, RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        attack.ShouldNotBe(genuine, $"{rule}: {what}");

        attack.Validate().ShouldBeRefusedFor(code);
    }

    [Fact]
    public void S3_A_message_signed_by_HMAC_with_the_public_key_is_refused()
    {
        using HMACSHA256 mac = new(TestKeys.CertificateDer("test-only-idp"));
        string xml = ReceivedResponses
            .Unsigned.With("ada@", "eve@")
            .SignAssertion(signed =>
            {
                signed.SigningKey = null;
                signed.SignedInfo!.SignatureMethod = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
                signed.ComputeSignature(mac);
                signed.SigningKey = ReceivedResponses.PrivateKey("test-only-sp");
                signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
            })
            .With("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256");

        xml.Validate().ShouldBeRefusedFor("signature-algorithm");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void S4_A_message_signed_by_a_key_that_it_brings_along_is_refused(bool withKeyValue)
    {
        using RSA own = ReceivedResponses.PrivateKey("test-only-sp");
        string xml = ReceivedResponses
            .Unsigned.With("ada@", "eve@")
            .SignAssertion(signed =>
            {
                signed.SigningKey = own;
                signed.KeyInfo = new KeyInfo();
                signed.KeyInfo.AddClause(
                    withKeyValue ? new RSAKeyValue(own) : new KeyInfoX509Data(TestKeys.CertificateDer("test-only-sp"))
                );
            });

        xml.Validate().ShouldBeRefusedFor("signature-invalid");
    }

    [Fact]
    public void S9_Another_signed_message_of_the_identity_provider_is_no_response()
    {
        string xml = ReceivedResponses.Unsigned.SignAssertion();
        int start = xml.IndexOf("<saml:Assertion ", StringComparison.Ordinal);
        string assertion = xml[start..xml.IndexOf("</samlp:Response>", StringComparison.Ordinal)];

        assertion.Validate().ShouldBeRefusedFor("message-type-unexpected");
    }

    [Fact]
    public void S9_The_signature_of_an_error_response_carries_no_assertion()
    {
        string error = ReceivedResponses.Unsigned.With("status:Success", "status:Responder").Without("<saml:Assertion ", "</saml:Assertion>").SignResponse();
        string evil = ReceivedResponses.Unsigned.With("ada@", "eve@");
        string assertion = evil[evil.IndexOf("<saml:Assertion ", StringComparison.Ordinal)..];

        error.With("</samlp:Response>", assertion).Validate().ShouldBeRefusedFor("digest-mismatch");
    }
}
