using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Valid;

/// <summary>
/// Valid messages in their real variety are read exactly. To make new or changed ones: LATCHKEY_TEST_RECORD=1 ./test.sh
/// --only Saml.Tests -- --filter-class '*ValidMessage*', and read the difference.
/// </summary>
public sealed class ValidMessageTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static TheoryData<string> Files =>
        [.. ValidMessages.All.Select(message => message.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_valid_message_is_read_exactly(string file)
    {
        ValidMessage message = ValidMessages.Of(file);

        Verdict<VerifiedAssertion> verdict = message.Judge();

        verdict.Findings.ShouldBeEmpty(message.What);
        VerifiedAssertion read = verdict.Value.ShouldNotBeNull();
        read.NameId.ShouldBe(message.NameId);
        read.SessionIndex.ShouldBe(message.SessionIndex);
        read.NotOnOrAfter.ShouldBe(message.NotOnOrAfter);
        read.AuthnContextClassRef.ShouldBe(message.AuthnContextClassRef);
        read.Attributes.Select(attribute => attribute.Name)
            .ShouldBe(message.Attributes.Select(attribute => attribute.Name));
        foreach (
            (var attribute, (string name, string[] values)) in read.Attributes.Zip(
                message.Attributes
            )
        )
            attribute.Values.ShouldBe(values, name);
    }

    [Theory]
    [InlineData("/*/*[local-name()='Signature']", "/*/ds:Signature")]
    [InlineData(
        "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
        "/*/saml:Assertion/ds:Signature"
    )]
    public void Xmlsec1_verifies_them_too(string signature, string path)
    {
        XmlNamespaceManager names = new(new NameTable());
        names.AddNamespace("saml", "urn:oasis:names:tc:SAML:2.0:assertion");
        names.AddNamespace("ds", "http://www.w3.org/2000/09/xmldsig#");
        string[] signed =
        [
            .. Files
                .Select(row => TestData.PathOf("valid/" + row.Data))
                .Where(file => XDocument.Load(file).XPathSelectElement(path, names) is not null),
        ];

        signed.Length.ShouldBeGreaterThan(10);
        Xmlsec1.ShouldVerifyFiles(
            signed,
            TestData.PathOf("keys/test-only-idp.crt.pem"),
            signature,
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response"
        );
    }

    [Fact]
    public void The_kept_facts_are_what_is_read()
    {
        string facts = string.Concat(ValidMessages.All.Select(Facts));
        if (TestData.Recording)
            TestData.Write("valid/facts.jsonl", System.Text.Encoding.UTF8.GetBytes(facts));

        TestData.Text("valid/facts.jsonl").ShouldBe(facts);
    }

    [Fact]
    public void Each_kept_message_is_what_its_row_makes()
    {
        foreach (ValidMessage message in ValidMessages.All)
            System
                .Text.Encoding.UTF8.GetBytes(message.Make())
                .AsSpan()
                .SequenceEqual(message.Message)
                .ShouldBeTrue(message.File);
        Directory
            .EnumerateFiles(TestData.PathOf("valid"), "*.xml")
            .Select(path => Path.GetFileName(path))
            .ShouldBe(ValidMessages.All.Select(message => message.File), ignoreOrder: true);
    }

    private static string Facts(ValidMessage message)
    {
        VerifiedAssertion read = message.Judge().Value!;
        return JsonSerializer.Serialize(
                new
                {
                    file = message.File,
                    what = message.What,
                    nameId = read.NameId?.Value,
                    nameIdFormat = read.NameId?.Format,
                    sessionIndex = read.SessionIndex,
                    attributes = read.Attributes.Select(attribute => new
                    {
                        name = attribute.Name,
                        values = attribute.Values,
                    }),
                },
                Readable
            ) + "\n";
    }
}
