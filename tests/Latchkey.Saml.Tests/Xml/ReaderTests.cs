using System.Globalization;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>What the reader accepts and refuses (rules X1 to X3); <see cref="Fuzzing.FuzzTests"/> compares it with System.Xml.</summary>
public sealed class ReaderTests
{
    [Theory]
    [InlineData("<a/>", true)]
    [InlineData("\uFEFF<?xml version='1.0' encoding='UTF-8'?><a/>", true)]
    [InlineData("<?xml version='1.0' standalone='no'?>\n<!-- x --><a/>\n<!-- y -->", true)]
    [InlineData("<a>x<!-- y -->z</a>", true)]
    [InlineData("<a b='&#13;&#10;&#9;'>&#13;</a>", true)]
    [InlineData("<a><![CDATA[<&]]>]]&gt;</a>", true)]
    [InlineData("<p:a xmlns:p='urn:x'><p:a xmlns:p='urn:y'/></p:a>", true)]
    [InlineData("<a xmlns='urn:x'><b xmlns=''/></a>", true)]
    [InlineData("<a xml:lang='en' xml:space='preserve'> </a>", true)]
    [InlineData("<a xml:space=' default '/>", true)]
    [InlineData("<a xml:space='keep'/>", false)]
    [InlineData("<a xmlns:p='urn:x' p:space='keep' space='keep'/>", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("x", false)]
    [InlineData(" <?xml version='1.0'?><a/>", false)]
    [InlineData("<?xml version='1.1'?><a/>", false)]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", false)]
    [InlineData("<?xml version='1.0' encoding='UTF-16'?><a/>", false)]
    [InlineData("<?xml encoding='UTF-8'?><a/>", false)]
    [InlineData("<?xml version='1.0' standalone='maybe'?><a/>", false)]
    [InlineData("<?xml version='1.0'><a/>", false)]
    [InlineData("<?xml-stylesheet href='x'?><a/>", false)]
    [InlineData("<a/><?x?>", false)]
    [InlineData("<a><?x?></a>", false)]
    [InlineData("<!DOCTYPE a><a/>", false)]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", false)]
    [InlineData("<a/><b/>", false)]
    [InlineData("<a/>x", false)]
    [InlineData("<a></b>", false)]
    [InlineData("<a><b></a></b>", false)]
    [InlineData("<a>]]></a>", false)]
    [InlineData("<a>&#0;</a>", false)]
    [InlineData("<a>&#xD800;</a>", false)]
    [InlineData("<a>&nbsp;</a>", false)]
    [InlineData("<a b='x' b='y'/>", false)]
    [InlineData("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", false)]
    [InlineData("<p:a/>", false)]
    [InlineData("<a xmlns:p=''/>", false)]
    [InlineData("<a xmlns:p='../relative'/>", false)]
    [InlineData("<a xmlns='no uri'/>", false)]
    [InlineData("<a ID='x'><b Id='x'/></a>", false)]
    [InlineData("<a id='x' xml:id='x'/>", false)]
    [InlineData("<a xmlns:p='urn:p' ID='x' p:ID='x'/>", false)]
    public void X1_X3_Corner_cases(string document, bool accepted) =>
        (Infoset.ByTape(Encoding.UTF8.GetBytes(document)) is not null).ShouldBe(accepted);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x3C, 0x00, 0x61, 0x00, 0x2F, 0x00, 0x3E, 0x00 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x3C, 0x00, 0x61, 0x00, 0x2F, 0x00, 0x3E })]
    [InlineData(new byte[] { 0x3C, 0x00, 0x61, 0x00, 0x2F, 0x00, 0x3E, 0x00 })]
    [InlineData(new byte[] { 0x3C, 0x61, 0x3E, 0xC0, 0xAF, 0x3C, 0x2F, 0x61, 0x3E })]
    [InlineData(new byte[] { 0x3C, 0x61, 0x3E, 0xED, 0xA0, 0x80, 0x3C, 0x2F, 0x61, 0x3E })]
    [InlineData(new byte[] { 0x3C, 0x61, 0x3E, 0xE9, 0x3C, 0x2F, 0x61, 0x3E })]
    public void X1_Other_encodings_and_broken_UTF_8_are_refused(byte[] document) =>
        Infoset.ByTape(document).ShouldBeNull();

    [Fact]
    public void X1_Names_hold_the_characters_that_System_Xml_allows()
    {
        for (int character = 0x80; character <= char.MaxValue; character++)
        {
            string hex = character.ToString("X4", CultureInfo.InvariantCulture);
            NameCharacters
                .IsStart(character)
                .ShouldBe(XmlConvert.IsStartNCNameChar((char)character), hex);
            NameCharacters
                .IsPart(character)
                .ShouldBe(XmlConvert.IsNCNameChar((char)character), hex);
        }
    }

    [Fact]
    public void A_finding_says_line_column_and_path()
    {
        FindingList findings = new();
        Infoset.ByTape(Encoding.UTF8.GetBytes("<a>\n <b>é&x;</b></a>"), findings);

        findings.Items.ShouldHaveSingleItem().At.ShouldBe("/a/b line 2, column 6");
    }
}
