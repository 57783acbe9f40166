using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>What two XML parsers might read differently, what a parser would fetch, and what would exhaust it.</summary>
internal static class XmlAttacks
{
    private const string AssertionId = "_assertion00000000000000000000000000000001";
    private const string Name = "ada@example.test</saml:NameID>";

    public static IEnumerable<Attack> All => [.. Splits, .. DocumentTypes, .. Encodings, .. Documents, .. Ids, .. Namespaces, .. Bombs];

    private static string Genuine => ReceivedResponses.Written(SignedParts.Assertion);

    private static IEnumerable<Attack> Splits =>
    [
        new("comments/in-signed-name.xml", "S7", "a comment put into a signed NameID: it changes nothing", Attack.Harmless, () => Genuine.With(Name, "ada@<!-- x -->example.test</saml:NameID>")),
        new("comments/name-cut-short.xml", "X4", "ada@example.test<!---->.evil.example, signed as it stands (CVE-2017-11427)", Attack.Harmless, () =>
            ReceivedResponses.Unsigned.With(Name, "ada@example.test<!---->.evil.example</saml:NameID>").SignResponse()) { NameId = "ada@example.test.evil.example" },
        new("comments/name-at-front.xml", "X4", "eve.<!---->ada@example.test, signed as it stands", Attack.Harmless, () =>
            ReceivedResponses.Unsigned.With(Name, "eve.<!---->" + Name).SignResponse()) { NameId = "eve.ada@example.test" },
        new("comments/cdata-in-name.xml", "X4", "a CDATA section inside a NameID, signed as it stands", Attack.Harmless, () =>
            ReceivedResponses.Unsigned.With(Name, "ada@example.test<![CDATA[.evil]]>.example</saml:NameID>").SignResponse()) { NameId = "ada@example.test.evil.example" },
        new("comments/in-issuer.xml", "P2", "a comment inside the Issuer, the rest of it evil", "issuer-mismatch", () =>
            ReceivedResponses.Unsigned.With("<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer>https://id.example.test/saml2/wiki<!---->.evil<").SignResponse()),
        new("comments/in-audience.xml", "P5", "a comment inside the Audience, the rest of it another's", "audience-mismatch", () =>
            ReceivedResponses.Unsigned.With("<saml:Audience>https://wiki.example.test/metadata<", "<saml:Audience>https://wiki.example.test/metadata<!---->/other<").SignResponse()),
        new("comments/with-comments-form.xml", "S7", "SignedInfo canonicalized with comments, a comment added to it", "signature-invalid", () =>
            ReceivedResponses.Unsigned.SignAssertion(signed => signed.SignedInfo!.CanonicalizationMethod = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments").With("<SignedInfo>", "<SignedInfo><!-- x -->")),
        new("comments/element-in-name.xml", "X4", "an element inside a NameID, signed as it stands", "element-in-text", () =>
            ReceivedResponses.Unsigned.With(Name, "ada<x:x xmlns:x=\"urn:x\"/>@example.test</saml:NameID>").SignResponse()),
        new("processing-instructions/in-name.xml", "X1", "a processing instruction inside a NameID", "xml-processing-instruction", () => Genuine.With(Name, "ada@<?x y?>" + "example.test</saml:NameID>")),
        new("processing-instructions/in-signed-name.xml", "X1", "a processing instruction inside a NameID, signed as it stands", "xml-processing-instruction", () =>
            ReceivedResponses.Unsigned.With(Name, "ada@example.test<?x y?>.evil.example</saml:NameID>").SignResponse()),
        new("processing-instructions/before-root.xml", "X1", "a processing instruction before the root", "xml-processing-instruction", () => "<?xml-stylesheet href=\"http://127.0.0.1:1/\"?>" + Genuine),
        new("processing-instructions/behind-root.xml", "X1", "a processing instruction behind the root", "xml-processing-instruction", () => Genuine + "<?x y?>"),
        new("processing-instructions/in-digest.xml", "X1", "a processing instruction inside the DigestValue", "xml-processing-instruction", () => Genuine.With("<ds:DigestValue>", "<ds:DigestValue><?x y?>")),
        new("processing-instructions/second-declaration.xml", "X1", "an XML declaration inside the message", "xml-processing-instruction", () => Genuine.With("<saml:Subject>", "<?xml version=\"1.0\"?><saml:Subject>")),
    ];

    private static IEnumerable<Attack> DocumentTypes =>
    [
        Doctype("internal-entity", "an entity in place of the name", "[<!ENTITY x \"eve\">]", xml => xml.With(Name, "&x;" + Name)),
        Doctype("external-file", "an entity that is a file of the receiver (CVE-2016-10149)", "[<!ENTITY x SYSTEM \"file:///etc/passwd\">]", xml => xml.With(Name, "&x;" + Name)),
        Doctype("external-address", "an entity at an address in the receiver's network (CVE-2024-22024)", "[<!ENTITY x SYSTEM \"http://127.0.0.1:1/\">]", xml => xml.With(Name, "&x;" + Name)),
        Doctype("external-subset", "a document type at the attacker's server", "SYSTEM \"http://127.0.0.1:1/evil.dtd\"", xml => xml),
        Doctype("parameter-entity", "a parameter entity", "[<!ENTITY % x SYSTEM \"http://127.0.0.1:1/evil.dtd\">%x;]", xml => xml),
        Doctype("attribute-default", "an ID by a default in the document type", "[<!ATTLIST saml:Assertion ID CDATA \"_evil\">]", xml => xml),
        Doctype("id-type", "another attribute declared to be the ID", "[<!ATTLIST saml:Assertion Name ID #IMPLIED>]", xml => xml),
        Doctype("namespace-default", "a namespace by a default in the document type (CVE-2025-25291)", "[<!ATTLIST saml:Assertion xmlns:saml CDATA \"urn:evil\">]", xml => xml),
        Doctype("entity-in-id", "an entity inside the ID (CVE-2025-23369)", "[<!ENTITY x \"_assertion\">]", xml => xml.With("ID=\"_assertion", "ID=\"&x;")),
        Doctype("billion-laughs", "entities within entities", "[<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]", xml => xml.With(Name, "&e;" + Name)),
        Doctype("quadratic-blowup", "one long entity used many times", "[<!ENTITY a \"" + new string('a', 20_000) + "\">]", xml => xml.With(Name, Repeat("&a;", 500) + Name)),
        Doctype("empty", "a document type that says nothing", "", xml => xml),
        new("doctype/undeclared-entity.xml", "X1", "an entity without a document type", "xml-malformed", () => Genuine.With(Name, "&eve;" + Name)),
        new("doctype/inside-root.xml", "X1", "a document type inside the message", "xml-malformed", () => Genuine.With("<saml:Subject>", "<!DOCTYPE x><saml:Subject>")),
        new("doctype/lower-case.xml", "X1", "a document type in lower case", "xml-doctype", () => "<!doctype x>" + Genuine),
    ];

    private static IEnumerable<Attack> Encodings =>
    [
        new("encodings/utf-16.xml", "X1", "UTF-16 with its mark", "xml-encoding", () => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Genuine)]),
        new("encodings/utf-16-unmarked.xml", "X1", "UTF-16 without its mark", "xml-malformed", () => Encoding.Unicode.GetBytes(Declared("UTF-16").Replace("Zoë", "Zoe", StringComparison.Ordinal).Replace("😀", "", StringComparison.Ordinal))),
        new("encodings/utf-32.xml", "X1", "UTF-32", "xml-encoding", () => [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(Genuine)]),
        new("encodings/latin-1.xml", "X1", "ISO-8859-1", "xml-encoding", () => Encoding.Latin1.GetBytes(Declared("ISO-8859-1"))),
        new("encodings/latin-1-declared-only.xml", "X1", "declared as ISO-8859-1, written in UTF-8", "xml-encoding", () => Encoding.UTF8.GetBytes(Declared("ISO-8859-1"))),
        new("encodings/utf-7.xml", "X1", "declared as UTF-7", "xml-encoding", () => Encoding.ASCII.GetBytes(Declared("UTF-7").With(Name, "+ADw-x/+AD4-" + Name))),
        new("encodings/ebcdic.xml", "X1", "declared as EBCDIC", "xml-encoding", () => Encoding.UTF8.GetBytes(Declared("IBM037"))),
        new("encodings/overlong.xml", "X1", "an overlong form of <", "xml-encoding", () => Patched(0xC0, 0xBC)),
        new("encodings/surrogate.xml", "X1", "half a surrogate pair in UTF-8", "xml-encoding", () => Patched(0xED, 0xA0, 0x80)),
        new("encodings/cut-character.xml", "X1", "a character cut in two", "xml-encoding", () => Patched(0xC3)),
        new("encodings/nul.xml", "X1", "a NUL inside a NameID", "xml-malformed", () => Patched(0)),
        new("encodings/nul-reference.xml", "X1", "a NUL as a character reference", "xml-malformed", () => Encoding.UTF8.GetBytes(Genuine.With(Name, "&#0;" + Name))),
        new("encodings/control-reference.xml", "X1", "a control character as a reference, as XML 1.1 allows", "xml-malformed", () => Encoding.UTF8.GetBytes(Genuine.With(Name, "&#x1;" + Name))),
        new("encodings/not-a-character.xml", "X1", "U+FFFE", "xml-malformed", () => Patched(0xEF, 0xBF, 0xBE)),
        new("encodings/xml-1.1.xml", "X1", "XML 1.1", "xml-malformed", () => "<?xml version=\"1.1\"?>" + Genuine),
        new("encodings/mark-twice.xml", "X1", "two byte order marks", "xml-malformed", () => Encoding.UTF8.GetBytes("\uFEFF\uFEFF" + Genuine)),
    ];

    private static IEnumerable<Attack> Documents =>
    [
        new("documents/two-roots.xml", "X1", "an evil Response behind the genuine one (CVE-2022-39353)", "xml-malformed", () => Genuine + ReceivedResponses.Unsigned),
        new("documents/two-roots-evil-first.xml", "X1", "an evil Response before the genuine one", "xml-malformed", () => ReceivedResponses.Unsigned + Genuine),
        new("documents/text-behind-root.xml", "X1", "text behind the root", "xml-malformed", () => Genuine + "eve"),
        new("documents/empty.xml", "X1", "nothing", "xml-malformed", () => ""),
        new("documents/cut.xml", "X1", "a message cut in the middle", "xml-malformed", () => Genuine[..2_000]),
        new("documents/no-xml.xml", "X1", "something else than XML", "xml-malformed", () => "{\"sub\":\"eve\"}"),
        new("documents/html.xml", "S9", "a page in place of the message", "message-type-unexpected", () => "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>"),
        new("documents/saml-1.xml", "P2", "a message of SAML 1.1", "saml-1-message", () =>
            "<Response xmlns=\"urn:oasis:names:tc:SAML:1.0:protocol\" MajorVersion=\"1\" MinorVersion=\"1\" ResponseID=\"_1\" IssueInstant=\"2026-03-14T09:26:53Z\"/>"),
        new("documents/saml-1-assertion.xml", "X4", "an Assertion of SAML 1.1 inside", "element-unexpected", () =>
            ReceivedResponses.Unsigned.Without("<saml:Assertion ", "</saml:Assertion>").With("</samlp:Response>", "<a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:1.0:assertion\"/></samlp:Response>").SignResponse()),
        new("documents/crossed-tags.xml", "X1", "end tags in the wrong order", "xml-malformed", () => "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><a><b></a></b></samlp:Response>"),
        new("documents/attribute-twice.xml", "X1", "an attribute twice", "xml-malformed", () => Genuine.With("<saml:Assertion ", "<saml:Assertion ID=\"_evil\" ")),
        new("documents/attribute-twice-by-prefixes.xml", "X1", "an attribute twice under two prefixes of one namespace", "xml-malformed", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:a=\"urn:x\" xmlns:b=\"urn:x\" a:x=\"\" b:x=\"\" ")),
        new("documents/cdata-end-in-text.xml", "X1", "]]> in text", "xml-malformed", () => Genuine.With(Name, "]]>" + Name)),
        new("documents/less-than-in-attribute.xml", "X1", "< in an attribute", "xml-malformed", () => Genuine.With("ID=\"_assertion", "ID=\"<_assertion")),
        new("documents/injected-name.xml", "X4", "markup that got into a NameID at the identity provider, signed as it stands", "element-unexpected", () =>
            ReceivedResponses.Unsigned.With(Name, "eve@evil.example</saml:NameID><saml:NameID>" + Name).SignResponse()),
        new("documents/injected-attribute.xml", "X4", "markup as the text of an attribute value, escaped: text it stays", Attack.Harmless, () =>
            ReceivedResponses.Unsigned.With("Engineering</saml:AttributeValue>", "x&lt;/saml:AttributeValue&gt;&lt;saml:AttributeValue&gt;Administrators</saml:AttributeValue>").SignResponse()),
        new("documents/injected-statement.xml", "X4", "a Subject that got behind the statements at the identity provider", "element-unexpected", () =>
            ReceivedResponses.Unsigned.With("<saml:Attribute Name=\"groups\">", "</saml:AttributeStatement><saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject><saml:AttributeStatement><saml:Attribute Name=\"groups\">").SignResponse()),
    ];

    private static IEnumerable<Attack> Ids =>
    [
        new("ids/assertion-as-response.xml", "X3", "Assertion and Response with one ID", "xml-duplicate-id", () => Genuine.With("_response0000000000000000000000000000000001", AssertionId)),
        new("ids/xml-id.xml", "X3", "xml:id beside ID", "xml-duplicate-id", () => Genuine.With("<saml:Assertion ", $"<saml:Assertion xml:id=\"{AssertionId}\" ")),
        new("ids/samlp-id.xml", "X3", "samlp:ID beside ID", "xml-duplicate-id", () => Genuine.With("<saml:Assertion ", $"<saml:Assertion xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" samlp:ID=\"{AssertionId}\" ")),
        new("ids/upper-lower.xml", "X3", "Id beside ID", "xml-duplicate-id", () => Genuine.With("<saml:Assertion ", $"<saml:Assertion Id=\"{AssertionId}\" ")),
        new("ids/lower.xml", "X3", "id beside ID", "xml-duplicate-id", () => Genuine.With("<saml:Assertion ", $"<saml:Assertion id=\"{AssertionId}\" ")),
        new("ids/signature-id.xml", "X3", "Id of the Signature like the Assertion's ID", "xml-duplicate-id", () => Genuine.With("<ds:Signature ", $"<ds:Signature Id=\"{AssertionId}\" ")),
        new("ids/in-extensions.xml", "X3", "the Assertion's ID on an element in Extensions", "xml-duplicate-id", () => Genuine.With("<samlp:Status>", $"<samlp:Extensions><x xmlns=\"urn:x\" ID=\"{AssertionId}\"/></samlp:Extensions><samlp:Status>")),
        new("ids/decoy-only.xml", "X3", "xml:id in place of ID", "attribute-missing", () => ReceivedResponses.Unsigned.With($"ID=\"{AssertionId}\"", $"xml:id=\"{AssertionId}\"").SignResponse()),
        new("ids/prefixed-only.xml", "X3", "saml:ID in place of ID", "attribute-missing", () => ReceivedResponses.Unsigned.With($"ID=\"{AssertionId}\"", $"saml:ID=\"{AssertionId}\"").SignResponse()),
        new("ids/character-reference.xml", "X3", "the same ID written with a character reference", "xml-duplicate-id", () => Genuine.With("<samlp:Status>", "<samlp:Extensions><x xmlns=\"urn:x\" ID=\"&#x5F;" + AssertionId[1..] + "\"/></samlp:Extensions><samlp:Status>")),
        new("ids/number.xml", "X3", "an ID that is no name", "id-malformed", () => ReceivedResponses.Unsigned.With("ID=\"_assertion", "ID=\"1assertion").SignResponse()),
        new("ids/xpath-injection.xml", "X3", "an ID with quotes for an XPath expression (CVE-2015-20108)", "id-malformed", () => ReceivedResponses.Unsigned.With($"ID=\"{AssertionId}\"", "ID=\"x' or '1'='1\"").SignResponse()),
        new("ids/sql-injection.xml", "X3", "an ID with quotes for a database (CVE-2025-9943)", "id-malformed", () => ReceivedResponses.Unsigned.With($"ID=\"{AssertionId}\"", "ID=\"x'); drop table replay --\"").SignResponse()),
        new("ids/with-colon.xml", "X3", "an ID with a colon", "id-malformed", () => ReceivedResponses.Unsigned.With("ID=\"_assertion", "ID=\"x:assertion").SignResponse()),
        new("ids/empty.xml", "X3", "an empty ID", "id-malformed", () => ReceivedResponses.Unsigned.With($"ID=\"{AssertionId}\"", "ID=\"\"").SignResponse()),
    ];

    private static IEnumerable<Attack> Namespaces =>
    [
        new("namespaces/relative.xml", "X3", "a relative namespace, at which canonicalization fails elsewhere (CVE-2025-66568)", "xml-namespace", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:r=\"relative\" ")),
        new("namespaces/relative-in-extensions.xml", "X3", "a relative namespace in Extensions", "xml-namespace", () => Genuine.With("<samlp:Status>", "<samlp:Extensions><x xmlns=\"1\"/></samlp:Extensions><samlp:Status>")),
        new("namespaces/not-a-uri.xml", "X3", "a namespace that is no URI", "xml-namespace", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:r=\"urn:a b\" ")),
        new("namespaces/undeclared.xml", "X3", "a prefix that is not declared", "xml-namespace", () => Genuine.With("<saml:Subject>", "<x:x/><saml:Subject>")),
        new("namespaces/prefix-undone.xml", "X3", "a prefix taken back, as Namespaces 1.1 allows", "xml-namespace", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:samlp=\"\" ")),
        new("namespaces/xmlns-rebound.xml", "X3", "the prefix xmlns bound", "xml-namespace", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:xmlns=\"urn:x\" ")),
        new("namespaces/xml-rebound.xml", "X3", "the prefix xml bound to something else", "xml-namespace", () => Genuine.With("<saml:Assertion ", "<saml:Assertion xmlns:xml=\"urn:x\" ")),
        new("namespaces/xml-under-other-prefix.xml", "X3", "the namespace of xml under another prefix", "xml-namespace", () => Genuine.With("<saml:Assertion ", $"<saml:Assertion xmlns:y=\"http://www.w3.org/XML/1998/namespace\" y:id=\"{AssertionId}\" ")),
        new("namespaces/assertion-elsewhere.xml", "X4", "an Assertion of another namespace", "element-unexpected", () =>
            ReceivedResponses.Unsigned.With("<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "<saml:Assertion xmlns:saml=\"urn:evil\"").SignResponse()),
        new("namespaces/conditions-elsewhere.xml", "X4", "Conditions of SAML 1.0's namespace, so that none hold", "element-unexpected", () =>
            ReceivedResponses.Unsigned.With("<saml:Conditions ", "<saml:Conditions xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" ").SignResponse()),
        new("namespaces/two-colons.xml", "X3", "a name with two colons", "xml-malformed", () => Genuine.With("<saml:Subject>", "<saml:x:Subject/><saml:Subject>")),
    ];

    private static IEnumerable<Attack> Bombs
    {
        get
        {
            MessageLimits limits = MessageLimits.Default;
            return
            [
                new("bombs/deep.xml", "X2", "elements nested too deep", "xml-limit", () => Repeat("<a>", limits.Depth + 1) + Repeat("</a>", limits.Depth + 1)),
                new("bombs/very-deep.xml", "X2", "elements nested a hundred thousand deep (CVE-2026-41673)", "xml-limit", () => Repeat("<a>", 100_000)),
                new("bombs/deep-in-extensions.xml", "X2", "elements nested too deep in Extensions of a genuine message", "xml-limit", () =>
                    Genuine.With("<samlp:Status>", "<samlp:Extensions>" + Repeat("<a>", 40) + Repeat("</a>", 40) + "</samlp:Extensions><samlp:Status>")),
                new("bombs/wide.xml", "X2", "too many elements", "xml-limit", () => "<a>" + Repeat("<a/>", limits.Elements) + "</a>"),
                new("bombs/attributes.xml", "X2", "too many attributes", "xml-limit", () => "<a " + Each(limits.AttributesPerElement + 1, i => $"a{i}='' ") + "/>"),
                new("bombs/many-attributes.xml", "X2", "sixty thousand attributes", "xml-limit", () => "<a " + Each(60_000, i => $"a{i}='' ") + "/>"),
                new("bombs/namespaces.xml", "X2", "too many namespaces", "xml-limit", () => "<a " + Each(limits.NamespaceDeclarations + 1, i => $"xmlns:a{i}='urn:x' ") + "/>"),
                new("bombs/long-name.xml", "X2", "a name of a hundred thousand characters", "message-type-unexpected", () => "<" + Repeat("a", 100_000) + "/>"),
                new("bombs/repeated-ids.xml", "X3", "nine thousand IDs, the last one a second time", "xml-duplicate-id", () => "<a>" + Each(9_000, i => $"<b Id='i{i}'/>") + "<b ID='i0'/></a>"),
                new("bombs/distinct-ids.xml", "X2", "many IDs, all different", "message-type-unexpected", () => "<a>" + Each(4_500, i => $"<b ID='i{i}' id='j{i}' Id='k{i}'/>") + "</a>"),
                new("bombs/many-prefixes.xml", "X2", "many prefixes, used in turn", "message-type-unexpected", () =>
                    "<a " + Each(500, i => $"xmlns:prefix-{i}='urn:x:{i}' ") + ">" + Each(4_000, i => $"<prefix-{i % 500}:b prefix-{(i + 7) % 500}:c=''/>") + "</a>"),
                new("bombs/unclosed-comments.xml", "X2", "comments that begin and never end", "xml-malformed", () => "<a>" + Repeat("<!--", 25_000)),
                new("bombs/unclosed-cdata.xml", "X2", "CDATA sections that begin and never end", "xml-malformed", () => "<a>" + Repeat("<![CDATA[", 10_000)),
                new("bombs/ampersands.xml", "X2", "a hundred thousand ampersands", "xml-malformed", () => "<a>" + Repeat("&", 100_000) + "</a>"),
                new("bombs/character-references.xml", "X2", "many character references", "message-type-unexpected", () => "<a>" + Repeat("&#x41;", 20_000) + "</a>"),
                new("bombs/huge-reference.xml", "X2", "a character reference with ten thousand digits", "xml-malformed", () => "<a>&#x" + Repeat("1", 10_000) + ";</a>"),
                new("bombs/long-namespace.xml", "X2", "a long namespace that canonicalization would write for each of many siblings", "xml-limit", () =>
                    ReceivedResponses.Unsigned.SignResponse()
                        .With("<samlp:Response ", $"<samlp:Response xmlns:p=\"urn:{new string('x', 20_000)}\" ")
                        .With("<samlp:Status>", "<samlp:Extensions>" + Repeat("<p:a/>", 5_000) + "</samlp:Extensions><samlp:Status>")),
                new("bombs/long-namespace-in-values.xml", "X2", "a long namespace that the text of each of many values would hold, signed as it stands", "xml-limit", () =>
                    ReceivedResponses.Unsigned
                        .With("<saml:AttributeStatement>", $"<saml:AttributeStatement xmlns:p=\"urn:{new string('x', 20_000)}\">")
                        .With("<saml:Attribute Name=\"nothing\">", "<saml:Attribute Name=\"nothing\">" + Repeat("<saml:AttributeValue><p:a/></saml:AttributeValue>", 60))
                        .SignResponse()),
                new("bombs/thousand-assertions.xml", "X2", "a thousand Assertions", "assertion-repeated", () =>
                    Genuine.With("<samlp:Response ", "<samlp:Response xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ").With("</samlp:Response>", Each(1_000, i => $"<saml:Assertion ID=\"_{i}\"/>") + "</samlp:Response>")),
                new("bombs/thousand-confirmations.xml", "X2", "a thousand SubjectConfirmations", Attack.Harmless, () =>
                    ReceivedResponses.Unsigned.With("</saml:Subject>", Repeat("<saml:SubjectConfirmation Method=\"urn:x\"/>", 1_000) + "</saml:Subject>").SignResponse()),
            ];
        }
    }

    private static Attack Doctype(string name, string what, string definition, Func<string, string> use) =>
        new($"doctype/{name}.xml", "X1", what, "xml-doctype", () => $"<!DOCTYPE samlp:Response {definition}>{use(Genuine)}");

    private static string Declared(string encoding) => $"<?xml version=\"1.0\" encoding=\"{encoding}\"?>{Genuine}";

    // Octets of the attacker's choice before the name.
    private static byte[] Patched(params byte[] octets)
    {
        string xml = Genuine;
        int at = xml.IndexOf(Name, StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(xml[..at]), .. octets, .. Encoding.UTF8.GetBytes(xml[at..])];
    }

    private static string Repeat(string piece, int times) => Each(times, _ => piece);

    private static string Each(int times, Func<int, string> piece)
    {
        StringBuilder text = new();
        for (int i = 0; i < times; i++)
            text.Append(piece(i));
        return text.ToString();
    }
}
