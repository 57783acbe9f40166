using System.Security.Cryptography.Xml;
using System.Text.RegularExpressions;
using System.Xml;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Signatures with something missing, something more or something elsewhere. What the attacker cannot sign is altered behind the signature; what a careless identity provider could be brought to sign is signed by its key.</summary>
internal static class SignatureAttacks
{
    private const string Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string InclusiveC14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    private const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string AssertionId = "_assertion00000000000000000000000000000001";

    public static IEnumerable<Attack> All => [.. Altered, .. Signed, .. Decoys];

    // File, rule, what, the finding, what stands in the signed message (a pattern), what it becomes.
    private static IEnumerable<Attack> Altered =>
        from shape in ((string File, string Rule, string What, string Code, string Pattern, string Replacement)[])
        [
            ("references/none", "S1", "no Reference", "signature-shape", "<ds:Reference .*?</ds:Reference>", ""),
            ("references/two-equal", "S1", "two References", "signature-shape", "(<ds:Reference .*?</ds:Reference>)", "$1$1"),
            ("references/thousand", "X2", "a thousand References", "signature-shape", "(<ds:Reference .*?</ds:Reference>)", "$1" + string.Concat(Enumerable.Repeat("<ds:Reference URI=\"#x\"/>", 1000))),
            ("references/without-uri", "S1", "Reference without URI", "signature-reference", " URI=\"[^\"]*\"", ""),
            ("references/empty-uri", "S1", "Reference to the whole document", "signature-reference", "URI=\"[^\"]*\"", "URI=\"\""),
            ("references/only-hash", "S1", "Reference to an empty ID", "signature-reference", "URI=\"[^\"]*\"", "URI=\"#\""),
            ("references/to-response", "S1", "Reference to the Response around the Assertion", "signature-reference", "URI=\"[^\"]*\"", "URI=\"#_response0000000000000000000000000000000001\""),
            ("references/xpointer", "S1", "Reference by XPointer", "signature-reference", "URI=\"[^\"]*\"", "URI=\"#xpointer(/)\""),
            ("references/xpointer-id", "S1", "Reference to the right element by XPointer", "signature-reference", "URI=\"[^\"]*\"", "URI=\"#xpointer(id('" + AssertionId + "'))\""),
            ("references/file", "S1", "Reference to a file of the receiver", "signature-reference", "URI=\"[^\"]*\"", "URI=\"file:///etc/passwd\""),
            ("references/http", "S1", "Reference to an address in the receiver's network", "signature-reference", "URI=\"[^\"]*\"", "URI=\"http://127.0.0.1:1/latest/meta-data\""),
            ("references/percent-encoded", "S1", "Reference to the right element, percent-encoded", "signature-reference", "URI=\"#_", "URI=\"#%5F"),
            ("canonicalization/signed-info-inclusive", "S2", "inclusive canonicalization of SignedInfo", "signature-canonicalization", "CanonicalizationMethod Algorithm=\"[^\"]*\"", "CanonicalizationMethod Algorithm=\"" + InclusiveC14n + "\""),
            ("canonicalization/signed-info-own", "S2", "canonicalization of the attacker's own (CVE-2013-2172)", "signature-canonicalization", "CanonicalizationMethod Algorithm=\"[^\"]*\"", "CanonicalizationMethod Algorithm=\"urn:evil\""),
            ("canonicalization/signed-info-xslt", "S2", "XSLT in place of the canonicalization", "signature-canonicalization", "CanonicalizationMethod Algorithm=\"[^\"]*\"", "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\""),
            ("canonicalization/long-prefix-list", "X2", "a PrefixList made to cost time", "signature-shape", "PrefixList=\"[^\"]*\"", "PrefixList=\"" + string.Join(' ', Enumerable.Range(0, 400).Select(i => "p" + i)) + "\""),
            ("transforms/none", "S2", "no Transforms", "signature-shape", "<ds:Transforms>.*?</ds:Transforms>", ""),
            ("transforms/one", "S2", "enveloped-signature alone", "signature-shape", "(<ds:Transform Algorithm=\"[^\"]*enveloped-signature\"></ds:Transform>).*?</ds:Transforms>", "$1</ds:Transforms>"),
            ("transforms/three", "S2", "a third Transform", "signature-shape", "</ds:Transforms>", "<ds:Transform Algorithm=\"" + Exclusive + "\"/></ds:Transforms>"),
            ("transforms/thousand", "X2", "a thousand Transforms", "signature-shape", "</ds:Transforms>", string.Concat(Enumerable.Repeat("<ds:Transform Algorithm=\"" + Exclusive + "\"/>", 1000)) + "</ds:Transforms>"),
            ("transforms/swapped", "S2", "the two Transforms in the other order", "signature-transforms", "(<ds:Transform Algorithm=\"[^\"]*enveloped-signature\"></ds:Transform>)(.*?)</ds:Transforms>", "$2$1</ds:Transforms>"),
            ("transforms/xpath", "S2", "an XPath Transform", "signature-transforms", "Transform Algorithm=\"[^\"]*enveloped-signature\">", "Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">"),
            ("transforms/xpath-filter", "S2", "an XPath expression inside enveloped-signature", "signature-shape", "(enveloped-signature\">)", "$1<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>"),
            ("transforms/xslt", "S2", "an XSLT Transform", "signature-transforms", "Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">", "Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">"),
            ("transforms/xslt-code", "S2", "an XSLT Transform that runs a program (CVE-2022-47966)", "signature-shape", "(Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">)<ec:.*?</ds:Transform>", "Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"><xsl:template match=\"/\"><xsl:value-of xmlns:rt=\"http://xml.apache.org/xalan/java/java.lang.Runtime\" select=\"rt:exec(rt:getRuntime(),'id')\"/></xsl:template></xsl:stylesheet></ds:Transform>"),
            ("transforms/base64", "S2", "a base64 Transform", "signature-transforms", "Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">", "Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\">"),
            ("signed-info/two", "S5", "two SignedInfo", "signature-shape", "(<ds:SignedInfo>.*?</ds:SignedInfo>)", "$1$1"),
            ("signed-info/two-evil-first", "S5", "an evil SignedInfo before the signed one (CVE-2025-29774)", "signature-shape", "<ds:SignedInfo>(.*?)<ds:DigestValue>.*?</ds:DigestValue>(.*?)</ds:SignedInfo>", "<ds:SignedInfo>$1<ds:DigestValue>" + Zeros + "</ds:DigestValue>$2</ds:SignedInfo>$0"),
            ("signed-info/none", "S5", "no SignedInfo", "signature-shape", "<ds:SignedInfo>.*?</ds:SignedInfo>", ""),
            ("signed-info/at-end", "S5", "SignedInfo behind the KeyInfo", "signature-shape", "(<ds:SignedInfo>.*?</ds:SignedInfo>)(.*?)</ds:Signature>", "$2$1</ds:Signature>"),
            ("signed-info/in-object", "S5", "the signed SignedInfo in an Object, an evil one in its place", "signature-shape", "(<ds:SignedInfo>)(.*?)(<ds:DigestValue>.*?</ds:DigestValue>)(.*?</ds:SignedInfo>)(.*?)</ds:Signature>", "$1$2<ds:DigestValue>" + Zeros + "</ds:DigestValue>$4$5<ds:Object>$1$2$3$4</ds:Object></ds:Signature>"),
            ("signed-info/altered", "S8", "SignedInfo altered", "signature-invalid", "<ds:SignedInfo>", "<ds:SignedInfo Id=\"x\">"),
            ("signed-info/other-namespace", "X4", "SignedInfo of another namespace", "signature-shape", "<ds:SignedInfo>(.*?)</ds:SignedInfo>", "<x:SignedInfo xmlns:x=\"urn:x\">$1</x:SignedInfo>"),
            ("signed-info/manifest", "S5", "a Manifest in the Reference's place", "signature-shape", "ds:Reference(.*?)</ds:Reference>", "ds:Manifest$1</ds:Manifest>"),
            ("signed-info/object", "S5", "an empty Object", "signature-shape", "</ds:Signature>", "<ds:Object/></ds:Signature>"),
            ("signed-info/two-keyinfo", "S5", "two KeyInfo", "signature-shape", "</ds:Signature>", "<ds:KeyInfo/></ds:Signature>"),
            ("values/no-signature-value", "S5", "no SignatureValue", "signature-shape", "<ds:SignatureValue>.*?</ds:SignatureValue>", ""),
            ("values/two-signature-values", "S5", "two SignatureValues", "signature-shape", "(<ds:SignatureValue>.*?</ds:SignatureValue>)", "$1$1"),
            ("values/empty-signature-value", "S5", "empty SignatureValue", "signature-shape", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue></ds:SignatureValue>"),
            ("values/rsa-zeros", "S3", "RSA SignatureValue of 256 zeros", "signature-invalid", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue>" + Convert.ToBase64String(new byte[256]) + "</ds:SignatureValue>"),
            ("values/rsa-short", "S3", "RSA SignatureValue of 32 zeros", "signature-invalid", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue>" + Zeros + "</ds:SignatureValue>"),
            ("values/rsa-truncated", "S3", "RSA SignatureValue cut short", "signature-invalid", "<ds:SignatureValue>(.{40}).*?</ds:SignatureValue>", "<ds:SignatureValue>$1</ds:SignatureValue>"),
            ("values/rsa-extended", "S3", "RSA SignatureValue with a zero before it", "signature-invalid", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue>" + Convert.ToBase64String(new byte[257]) + "</ds:SignatureValue>"),
            ("values/too-long", "X2", "SignatureValue of 4,096 bytes", "signature-value-malformed", "<ds:SignatureValue>.*?</ds:SignatureValue>", "<ds:SignatureValue>" + Convert.ToBase64String(new byte[4096]) + "</ds:SignatureValue>"),
            ("values/no-base64", "S5", "SignatureValue that is no base64", "signature-value-malformed", "<ds:SignatureValue>", "<ds:SignatureValue>*"),
            ("values/stray-bits", "S5", "SignatureValue with stray bits", "signature-value-malformed", "==</ds:SignatureValue>", "B==</ds:SignatureValue>"),
            ("values/comment-in-signature-value", "S5", "comment in the SignatureValue", "signature-shape", "<ds:SignatureValue>", "<ds:SignatureValue><!-- -->"),
            ("values/element-in-signature-value", "S5", "element in the SignatureValue", "signature-shape", "<ds:SignatureValue>", "<ds:SignatureValue><ds:SignatureValue/>"),
            ("values/comment-in-digest", "S5", "comment in the DigestValue", "signature-shape", "<ds:DigestValue>", "<ds:DigestValue><!-- -->"),
            ("values/digest-before-comment", "S5", "another digest before a comment (CVE-2025-29775)", "signature-shape", "<ds:DigestValue>", "<ds:DigestValue>" + Zeros + "<!-- -->"),
            ("values/digest-behind-comment", "S5", "another digest behind a comment", "signature-shape", "</ds:DigestValue>", "<!-- -->" + Zeros + "</ds:DigestValue>"),
            ("values/element-in-digest", "S5", "element in the DigestValue", "signature-shape", "<ds:DigestValue>", "<ds:DigestValue><ds:DigestValue/>"),
            ("values/empty-digest", "S5", "empty DigestValue", "signature-shape", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue></ds:DigestValue>"),
            ("values/digest-of-nothing", "S6", "the digest of an empty text: void canonicalization (CVE-2025-66568)", "digest-mismatch", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue>"),
            ("values/digest-zeros", "S5", "DigestValue of zeros", "digest-mismatch", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue>" + Zeros + "</ds:DigestValue>"),
            ("values/digest-truncated", "S5", "DigestValue cut short", "signature-value-malformed", "<ds:DigestValue>(.{8}).*?</ds:DigestValue>", "<ds:DigestValue>$1</ds:DigestValue>"),
            ("values/digest-as-number", "S5", "DigestValue that a loose comparison takes for the number 0", "signature-value-malformed", "<ds:DigestValue>.*?</ds:DigestValue>", "<ds:DigestValue>0e12</ds:DigestValue>"),
            ("values/two-digests", "S5", "two DigestValues", "signature-shape", "(<ds:DigestValue>.*?</ds:DigestValue>)", "$1$1"),
            ("values/digest-elsewhere", "S1", "a smuggled DigestValue in the StatusDetail (CVE-2024-45409)", "digest-mismatch", "(</samlp:StatusCode>)(.*)ada@example.test</saml:NameID>", "$1<samlp:StatusDetail><ds:DigestValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">" + Zeros + "</ds:DigestValue></samlp:StatusDetail>$2eve@evil.example</saml:NameID>"),
            ("position/signature-at-end", "S1", "Signature moved to the end of its parent", "element-unexpected", "(<ds:Signature .*?</ds:Signature>)(.*)</saml:Assertion>", "$2$1</saml:Assertion>"),
            ("position/signature-in-subject", "S1", "Signature moved into the Subject", "element-unexpected", "(<ds:Signature .*?</ds:Signature>)(.*)</saml:Subject>", "$2$1</saml:Subject>"),
            ("position/signature-in-response", "S1", "the Assertion's Signature moved to the Response (CVE-2024-8698)", "signature-reference", "(<samlp:Status>.*)(<ds:Signature .*?</ds:Signature>)", "$2$1"),
            ("position/signature-in-extensions", "S1", "the Assertion's Signature moved to the Extensions", "signature-missing", "(<samlp:Status>.*)(<ds:Signature .*?</ds:Signature>)", "<samlp:Extensions>$2</samlp:Extensions>$1"),
            ("position/second-signature", "S1", "a second Signature beside the first", "element-unexpected", "(<ds:Signature .*?</ds:Signature>)", "$1$1"),
            ("tampered/name", "S8", "NameID altered behind the signature", "digest-mismatch", "ada@example.test</saml:NameID>", "eve@evil.example</saml:NameID>"),
            ("tampered/attribute", "S8", "attribute value altered behind the signature", "digest-mismatch", "Engineering</saml:AttributeValue>", "Administrators</saml:AttributeValue>"),
            ("tampered/audience", "S8", "Audience altered behind the signature", "digest-mismatch", "<saml:Audience>[^<]*", "<saml:Audience>https://elsewhere.example.test"),
            ("tampered/white-space", "S7", "white space added behind the signature", "digest-mismatch", "<saml:Subject>", "\n<saml:Subject>"),
            ("tampered/namespace", "S7", "the prefix of a signed element bound to another namespace", "element-unexpected", "<saml:Subject>", "<saml:Subject xmlns:saml=\"urn:evil\">"),
        ]
        select new Attack(
            shape.File + ".xml",
            shape.Rule,
            shape.What,
            shape.Code,
            () =>
            {
                string genuine = ReceivedResponses.Written(SignedParts.Assertion);
                string attack = new Regex(shape.Pattern, RegexOptions.Singleline, TimeSpan.FromSeconds(5)).Replace(genuine, shape.Replacement, 1);
                attack.ShouldNotBe(genuine, shape.File);
                return attack;
            }
        );

    // The identity provider's own key signed these.
    private static IEnumerable<Attack> Signed =>
    [
        new("references/two-signed.xml", "S1", "two References, both signed", "signature-shape", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => signed.AddReference(ReferenceTo("#_response0000000000000000000000000000000001")))),
        new("references/empty-uri-signed.xml", "S1", "Reference to the whole document, signed", "signature-reference", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => Only(signed).Uri = "")),
        new("transforms/none-signed.xml", "S2", "no enveloped-signature, signed", "signature-shape", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => Replace(signed, new XmlDsigExcC14NTransform()))),
        new("transforms/inclusive-signed.xml", "S2", "inclusive canonicalization, signed", "signature-transforms", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => Replace(signed, new XmlDsigEnvelopedSignatureTransform(), new XmlDsigC14NTransform()))),
        new("transforms/xpath-signed.xml", "S2", "an XPath Transform that selects the NameID only, signed", "signature-shape", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => Replace(signed, new XmlDsigEnvelopedSignatureTransform(), XPath("ancestor-or-self::*[local-name()='NameID']"), new XmlDsigExcC14NTransform()))),
        new("canonicalization/signed-info-inclusive-signed.xml", "S2", "inclusive canonicalization of SignedInfo, signed", "signature-canonicalization", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => signed.SignedInfo!.CanonicalizationMethod = InclusiveC14n)),
        new("signed-info/object-signed.xml", "S5", "the evil assertion in a signed Object", "signature-shape", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => signed.AddObject(new DataObject("evil", null!, null!, Element("<x xmlns=\"urn:x\">eve</x>"))))),
    ];

    // Other Signatures where a search would find them: the enveloped-signature transform takes out one node, by identity.
    private static IEnumerable<Attack> Decoys =>
    [
        new("decoys/equal-beside.xml", "S2", "a copy of the Signature beside it, the name altered", "element-unexpected", () =>
            Decoy(SignedParts.Assertion, message => TakenApart.AfterIssuer(message.Assertion, (XmlElement)message.Signature.CloneNode(deep: true)))),
        new("decoys/around-evil-in-extensions.xml", "S2", "a Signature with the genuine SignatureValue hides an evil assertion in Extensions", "digest-mismatch", () =>
            Decoy(SignedParts.Response, message =>
            {
                XmlElement decoy = (XmlElement)TakenApart.One(message.Response, "ds:Signature").CloneNode(deep: true);
                decoy.AppendChild(TakenApart.EvilCopy(message.Assertion, sameId: false));
                XmlElement extensions = message.New("samlp", "Extensions");
                extensions.AppendChild(decoy);
                message.Response.InsertBefore(extensions, TakenApart.One(message.Response, "samlp:Status"));
            })),
        new("decoys/around-evil-in-advice.xml", "S2", "a Signature with the genuine SignatureValue in the Advice", "digest-mismatch", () =>
            Decoy(SignedParts.AssertionAndResponse, message =>
            {
                XmlElement advice = message.New("saml", "Advice");
                advice.AppendChild(message.Signature.CloneNode(deep: true));
                message.Assertion.InsertAfter(advice, TakenApart.One(message.Assertion, "saml:Conditions"));
            })),
        new("decoys/in-attribute-value.xml", "S2", "a copy of the Signature in an AttributeValue", "digest-mismatch", () =>
            Decoy(SignedParts.Assertion, message => TakenApart.One(message.Assertion, ".//saml:AttributeValue").AppendChild(message.Signature.CloneNode(deep: true)))),
        new("decoys/other-case.xml", "X4", "an element signature in the Signature's place", "signature-missing", () =>
            ReceivedResponses.Unsigned.With("<saml:Subject>", "<ds:signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/><saml:Subject>")),
        new("decoys/other-namespace.xml", "X4", "a Signature of another namespace", "signature-missing", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\"")),
    ];

    private static string Decoy(SignedParts parts, Action<TakenApart> place)
    {
        TakenApart message = new(parts);
        place(message);
        TakenApart.One(message.Assertion, ".//saml:NameID").InnerText = TakenApart.Evil;
        return message.Text;
    }

    private static Reference Only(SignedXml signed) => (Reference)signed.SignedInfo!.References[0]!;

    private static Reference ReferenceTo(string uri)
    {
        Reference reference = new(uri) { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        return reference;
    }

    private static void Replace(SignedXml signed, params Transform[] transforms)
    {
        TransformChain chain = new();
        foreach (Transform transform in transforms)
            chain.Add(transform);
        Only(signed).TransformChain = chain;
    }

    private static XmlDsigXPathTransform XPath(string expression)
    {
        XmlDsigXPathTransform transform = new();
        transform.LoadInnerXml(Element($"<XPath xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{expression}</XPath>").SelectNodes("self::*")!);
        return transform;
    }

    private static XmlElement Element(string xml)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(xml);
        return document.DocumentElement!;
    }
}
