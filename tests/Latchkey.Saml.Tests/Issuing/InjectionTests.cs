using System.Text;
using System.Xml.Linq;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Issuing;

/// <summary>Whatever stands in a value stays a value.</summary>
[Trait("Rule", "I4")]
public sealed class InjectionTests
{
    public static TheoryData<string> Attacks =>
        [
            "</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"admin\">",
            "\" Destination=\"https://evil.test",
            "' onload='x",
            "<!-- comment -->",
            "admin@example.test<!---->.evil.test",
            "<![CDATA[ x ]]>",
            "]]>",
            "<?pi x?>",
            "&amp;&lt;&#x3C;&unknown;",
            "\r\n\t mixed \n space \r ",
            "<!DOCTYPE a>",
            "\u0085\u2028\u00A0\u200B\uFEFF\u202E",
            "\U0001F511\U0010FFFF",
        ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Every_field_of_a_response_comes_back_as_it_was_given(string evil)
    {
        ResponseToIssue response = EvilResponse(evil);

        XElement root = Parse(
            ResponseWriter.Write(
                response,
                TestKeys.IdentityProvider,
                SignedParts.AssertionAndResponse,
                SignatureAlgorithm.RsaSha256
            )
        );

        // The same elements as in a harmless message, in the same order, and the value wherever it was put.
        XElement harmless = Parse(
            ResponseWriter.Write(
                EvilResponse("x"),
                TestKeys.IdentityProvider,
                SignedParts.AssertionAndResponse,
                SignatureAlgorithm.RsaSha256
            )
        );
        root.DescendantsAndSelf()
            .Select(e => e.Name)
            .ShouldBe(harmless.DescendantsAndSelf().Select(e => e.Name));
        Values(root).Count(v => v == evil).ShouldBe(Values(harmless).Count(v => v == "x"));
        Values(root).Count(v => v == evil).ShouldBe(19);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Every_field_of_an_error_response_comes_back_as_it_was_given(string evil)
    {
        XElement root = Parse(
            ResponseWriter.WriteError(
                new ErrorResponse
                {
                    Id = evil,
                    IssueInstant = SampleResponses.Now,
                    Issuer = evil,
                    Destination = evil,
                    InResponseTo = evil,
                    Status = evil,
                    SubStatus = evil,
                    Message = evil,
                }
            )
        );

        Values(root).Count(v => v == evil).ShouldBe(7);
    }

    // As numbers: a lone half of a surrogate pair does not survive in the metadata of a test.
    [Theory]
    [InlineData(0x0)]
    [InlineData(0x1)]
    [InlineData(0xB)]
    [InlineData(0x1F)]
    [InlineData(0xFFFE)]
    [InlineData(0xFFFF)]
    [InlineData(0xD83D)]
    [InlineData(0xDD11)]
    public void A_character_that_XML_cannot_carry_is_refused(int code)
    {
        string character = ((char)code).ToString();
        Should.Throw<ArgumentException>(() => WriteWithEmail(character));
        Should.Throw<ArgumentException>(() =>
            ResponseWriter.Write(
                SampleResponses.Ada with
                {
                    Destination = "https://x.test/" + character,
                },
                TestKeys.IdentityProvider,
                SignedParts.Assertion,
                SignatureAlgorithm.RsaSha256
            )
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("#a")]
    [InlineData("ü")]
    public void An_identifier_that_cannot_be_an_XML_ID_is_not_signed(string id) =>
        Should.Throw<ArgumentException>(() =>
            ResponseWriter.Write(
                SampleResponses.Ada with
                {
                    Id = id,
                },
                TestKeys.IdentityProvider,
                SignedParts.Response,
                SignatureAlgorithm.RsaSha256
            )
        );

    // Identifiers of what is signed are checked apart; every other field takes the value.
    private static ResponseToIssue EvilResponse(string evil) =>
        SampleResponses.Ada with
        {
            Issuer = evil,
            Destination = evil,
            InResponseTo = evil,
            Assertion = SampleResponses.Ada.Assertion with
            {
                Audience = evil,
                NameId = new NameId(evil, evil, evil, evil),
                SessionIndex = evil,
                AuthnContextClassRef = evil,
                Attributes =
                [
                    new SamlAttribute(evil, [evil, evil], evil, evil),
                    new SamlAttribute("other", [evil], "format"),
                ],
            },
        };

    private static byte[] WriteWithEmail(string value) =>
        ResponseWriter.Write(
            SampleResponses.Ada with
            {
                Assertion = SampleResponses.Ada.Assertion with { NameId = new NameId(value) },
            },
            TestKeys.IdentityProvider,
            SignedParts.Assertion,
            SignatureAlgorithm.RsaSha256
        );

    private static XElement Parse(byte[] xml) =>
        XElement.Parse(Encoding.UTF8.GetString(xml), LoadOptions.PreserveWhitespace);

    private static IEnumerable<string> Values(XElement root) =>
        root.DescendantsAndSelf()
            .SelectMany(e =>
                e.Attributes()
                    .Where(a => !a.IsNamespaceDeclaration)
                    .Select(a => a.Value)
                    .Concat(e.HasElements ? [] : [e.Value])
            );
}
