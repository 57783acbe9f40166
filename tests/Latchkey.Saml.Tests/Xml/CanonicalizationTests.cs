using System.Text;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>Exclusive canonicalization, form by form; <see cref="Fuzzing.FuzzTests"/> compares it with two others.</summary>
public sealed class CanonicalizationTests
{
    [Theory]
    [InlineData(
        "<a b='&#13;&#10;&#9;'>&#13;\r\n&#9;</a>",
        "<a b=\"&#xD;&#xA;&#x9;\">&#xD;\n\t</a>"
    )]
    [InlineData("<a b='\r\n\t'/>", "<a b=\"  \"></a>")]
    [InlineData(
        "<a b='\"&lt;&amp;>'>\"&lt;&amp;></a>",
        "<a b=\"&quot;&lt;&amp;>\">\"&lt;&amp;&gt;</a>"
    )]
    [InlineData(
        "<a z='' b='' xmlns:p='urn:p' p:a='' xmlns='urn:d'/>",
        "<a xmlns=\"urn:d\" xmlns:p=\"urn:p\" b=\"\" z=\"\" p:a=\"\"></a>"
    )]
    [InlineData(
        "<a xmlns:q='urn:a' xmlns:p='urn:b' p:x='' q:x=''/>",
        "<a xmlns:p=\"urn:b\" xmlns:q=\"urn:a\" q:x=\"\" p:x=\"\"></a>"
    )]
    [InlineData(
        "<a xmlns='urn:x'><b xmlns=''><c xmlns='urn:x'/></b></a>",
        "<a xmlns=\"urn:x\"><b xmlns=\"\"><c xmlns=\"urn:x\"></c></b></a>"
    )]
    [InlineData(
        "<a xmlns:p='urn:p'><p:b/><p:b/></a>",
        "<a><p:b xmlns:p=\"urn:p\"></p:b><p:b xmlns:p=\"urn:p\"></p:b></a>"
    )]
    [InlineData("<a><![CDATA[<&>]]></a>", "<a>&lt;&amp;&gt;</a>")]
    [InlineData("<?xml version='1.0'?>\n<!-- x --><a/>\n", "<a></a>")]
    [InlineData("<a xml:lang='en'/>", "<a xml:lang=\"en\"></a>")]
    public void S2_Known_canonical_forms(string document, string canonical) =>
        CanonicalForms.Ours(Encoding.UTF8.GetBytes(document), true, "").ShouldBe(canonical);
}
