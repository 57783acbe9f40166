using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Valid;

/// <summary>Values of every kind: characters, types, several, none, and elements.</summary>
internal static class ValidValues
{
    private const string Xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    private const string Name = "ada@example.test</saml:NameID>";
    private const string Saml = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

    public static IEnumerable<ValidMessage> All =>
        [
            Named(
                "cdata.xml",
                "CDATA in the name",
                "<![CDATA[a<d>a&]]>@example.test",
                "a<d>a&@example.test"
            ),
            Named(
                "character-references.xml",
                "character references in the name",
                "&#97;d&#x61;&#64;example&#x2E;test",
                "ada@example.test"
            ),
            Named(
                "predefined-entities.xml",
                "the five predefined entities in the name",
                "&lt;ada&gt;&amp;&quot;&apos;",
                "<ada>&\"'"
            ),
            Named(
                "beyond-bmp.xml",
                "characters beyond the BMP in the name, as such and as a reference",
                "𝔸𝕕𝕒&#x1F600;",
                "𝔸𝕕𝕒😀"
            ),
            Named(
                "scripts.xml",
                "several scripts and a combining accent",
                "Ада आदा 阿达 عادة e\u0301",
                "Ада आदा 阿达 عادة e\u0301"
            ),
            Named(
                "white-space-kept.xml",
                "white space around and inside the name",
                "  ada \n byron  ",
                "  ada \n byron  "
            ),
            new(
                "escaped-controls.xml",
                "escaped CR, TAB and LF in text and in attributes",
                () =>
                    ValidMessage.Written(
                        SignedParts.Assertion,
                        change: ada =>
                            ada with
                            {
                                SessionIndex = "a\tb\nc\rd",
                                NameId = new NameId("a\rd\ta\n", NameIdFormats.Unspecified),
                                Attributes =
                                [
                                    new SamlAttribute(
                                        "tab\tfeed\nreturn\r",
                                        ["x\r\ny\r"],
                                        "urn:a\tb"
                                    ),
                                ],
                            }
                    )
            )
            {
                SessionIndex = "a\tb\nc\rd",
                NameId = new NameId("a\rd\ta\n", NameIdFormats.Unspecified),
                Attributes = [("tab\tfeed\nreturn\r", ["x\r\ny\r"])],
            },
            new(
                "long-values.xml",
                "a name of 256 characters and a value of 20,000",
                () =>
                    ValidMessage.Written(
                        SignedParts.Assertion,
                        change: ada =>
                            ada with
                            {
                                NameId = new NameId(
                                    new string('x', 256),
                                    NameIdFormats.Persistent,
                                    "https://id.example.test/saml2/wiki",
                                    "https://wiki.example.test/metadata"
                                ),
                                Attributes =
                                [
                                    new SamlAttribute("photo", [new string('A', 20_000)]),
                                ],
                            }
                    )
            )
            {
                NameId = new NameId(
                    new string('x', 256),
                    NameIdFormats.Persistent,
                    "https://id.example.test/saml2/wiki",
                    "https://wiki.example.test/metadata"
                ),
                Attributes = [("photo", [new string('A', 20_000)])],
            },
            Valued(
                "type-string.xml",
                "xs:string under another prefix",
                $"<saml:AttributeValue {Xsi} xmlns:q=\"http://www.w3.org/2001/XMLSchema\" xsi:type=\"q:string\">x</saml:AttributeValue>",
                "x"
            ),
            Valued(
                "type-any.xml",
                "xs:anyType (U-16)",
                $"<saml:AttributeValue {Xsi} xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xsi:type=\"xs:anyType\">x</saml:AttributeValue>",
                "x"
            ),
            Valued(
                "type-others.xml",
                "integers, booleans, times and binary data",
                $"<saml:AttributeValue {Xsi} xsi:type=\"xs:integer\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"> 007 </saml:AttributeValue><saml:AttributeValue {Xsi} xsi:type=\"xs:boolean\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">1</saml:AttributeValue><saml:AttributeValue {Xsi} xsi:type=\"xs:base64Binary\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">AAECAw==</saml:AttributeValue>",
                " 007 ",
                "1",
                "AAECAw=="
            ),
            Valued(
                "type-unbound.xml",
                "a type whose prefix is declared nowhere",
                $"<saml:AttributeValue {Xsi} xsi:type=\"nowhere:string\">x</saml:AttributeValue>",
                "x"
            ),
            Valued("type-none.xml", "no type", "<saml:AttributeValue>x</saml:AttributeValue>", "x"),
            Valued(
                "value-attributes.xml",
                "foreign attributes on the value",
                "<saml:AttributeValue xml:lang=\"de\" xmlns:o=\"urn:o\" o:OriginalIssuer=\"urn:x\">x</saml:AttributeValue>",
                "x"
            ),
            Valued(
                "values-many.xml",
                "three hundred values",
                string.Concat(
                    Enumerable
                        .Range(0, 300)
                        .Select(i => $"<saml:AttributeValue>g{i}</saml:AttributeValue>")
                ),
                [.. Enumerable.Range(0, 300).Select(i => $"g{i}")]
            ),
            Valued(
                "value-empty.xml",
                "empty values, in both ways to write them",
                "<saml:AttributeValue/><saml:AttributeValue></saml:AttributeValue><saml:AttributeValue>x</saml:AttributeValue>",
                "",
                "",
                "x"
            ),
            Valued(
                "value-nil.xml",
                "a value that is nil, one that is not, and an empty one",
                $"<saml:AttributeValue {Xsi} xsi:nil=\"true\"/><saml:AttributeValue {Xsi} xsi:nil=\"false\"/><saml:AttributeValue {Xsi} xsi:nil=\"1\"/><saml:AttributeValue>x</saml:AttributeValue>",
                "",
                "x"
            ),
            Valued(
                "value-comment.xml",
                "a value that is a comment, and one with a comment inside",
                "<saml:AttributeValue><!-- x --></saml:AttributeValue><saml:AttributeValue>a<!-- x -->b</saml:AttributeValue>",
                "",
                "ab"
            ),
            Valued(
                "element-name-id.xml",
                "a NameID as the value (eduPersonTargetedID)",
                "<saml:AttributeValue>\n  <saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" NameQualifier=\"https://id.example.test\">k7x</saml:NameID>\n</saml:AttributeValue>",
                $"<saml:NameID {Saml} Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" NameQualifier=\"https://id.example.test\">k7x</saml:NameID>"
            ),
            Valued(
                "element-nested.xml",
                "elements within elements of a namespace that is declared outside",
                "<saml:AttributeValue><x:Address><x:City>Zürich</x:City><x:Street/></x:Address></saml:AttributeValue>",
                "<x:Address xmlns:x=\"urn:address\"><x:City>Zürich</x:City><x:Street></x:Street></x:Address>"
            ),
            Valued(
                "element-several.xml",
                "several elements, text between them, a comment",
                "<saml:AttributeValue><a xmlns=\"urn:a\" y='2' x='1'/> and &lt;b&gt; <b xmlns=\"\">&amp;<!-- x --></b></saml:AttributeValue>",
                "<a xmlns=\"urn:a\" x=\"1\" y=\"2\"></a> and &lt;b&gt; <b>&amp;</b>"
            ),
            Valued(
                "element-assertion.xml",
                "another assertion as the value: never looked into",
                $"<saml:AttributeValue><saml:Assertion ID=\"_other\"><saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject></saml:Assertion></saml:AttributeValue>",
                $"<saml:Assertion {Saml} ID=\"_other\"><saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject></saml:Assertion>"
            ),
            new(
                "attribute-twice.xml",
                "one name twice",
                () =>
                    ValidMessage
                        .Unsigned.With(
                            "<saml:Attribute Name=\"nothing\">",
                            "<saml:Attribute Name=\"groups\"><saml:AttributeValue>Staff</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"nothing\">"
                        )
                        .SignAssertion()
            )
            {
                Attributes =
                [
                    .. ValidMessage.With("nothing")[..3],
                    ("groups", ["Staff"]),
                    ("nothing", []),
                ],
            },
            new(
                "attribute-foreign.xml",
                "foreign attributes and elements' attributes on the attribute",
                () =>
                    ValidMessage
                        .Unsigned.With(
                            "<saml:Attribute Name=\"nothing\">",
                            "<saml:Attribute xmlns:x=\"urn:x\" x:Scope=\"y\" Name=\"nothing\">"
                        )
                        .SignAssertion()
            ),
        ];

    private const string Nothing = "<saml:Attribute Name=\"nothing\">";

    private static ValidMessage Named(string file, string what, string written, string read) =>
        new(
            file,
            what,
            () => ValidMessage.Unsigned.With(Name, written + "</saml:NameID>").SignResponse()
        )
        {
            NameId = new NameId(read, NameIdFormats.EmailAddress),
        };

    private static ValidMessage Valued(
        string file,
        string what,
        string values,
        params string[] read
    ) =>
        new(
            file,
            what,
            () =>
                ValidMessage
                    .Unsigned.With(
                        "<saml:AttributeStatement>",
                        "<saml:AttributeStatement xmlns:x=\"urn:address\">"
                    )
                    .With(Nothing, Nothing + values)
                    .SignResponse()
        )
        {
            Attributes = ValidMessage.With("nothing", read),
        };
}
