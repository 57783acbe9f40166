using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>The examples of Exclusive XML Canonicalization 1.0 and others, as Apache Santuario has them.</summary>
public sealed class ExclusiveFormVectorTests
{
    [Theory]
    [InlineData(
        "example2_2_1.xml",
        "http://example.net",
        "elem2",
        "",
        "example2_2_c14nized_exclusive.xml"
    )]
    [InlineData("example2_4.xml", "http://example.net", "elem2", "", "example2_4_c14nized.xml")]
    [InlineData(
        "plain-soap-1.1.xml",
        "http://schemas.xmlsoap.org/soap/envelope/",
        "Body",
        "",
        "plain-soap-c14nized.xml"
    )]
    public void S2_The_element_has_the_form_that_is_given(
        string file,
        string ns,
        string name,
        string prefixes,
        string form
    )
    {
        string folder = TestData.PathOf("vectors/exclusive-c14n");
        FindingList findings = new();
        using Tape? tape = Tape.Read(
            File.ReadAllBytes(Path.Combine(folder, file)),
            MessageLimits.Default,
            findings
        );
        tape.ShouldNotBeNull(string.Join(' ', findings.Items));

        byte[] ours = CanonicalForms.Ours(Element(tape, ns, name), comments: true, prefixes);

        Encoding.UTF8.GetString(ours).ShouldBe(File.ReadAllText(Path.Combine(folder, form)));
    }

    /// <summary>Beside these: *_c14nized.xml of 2.2.1 and 2.2.2 are the inclusive form, which there is none of here (S2).</summary>
    [Theory]
    [InlineData("example2_2_2.xml", "xml:space is neither default nor preserve")]
    [InlineData("example2_2_3.xml", "a processing instruction")]
    public void X1_Left_out_because_no_message_may_hold_it(string file, string reason)
    {
        string folder = TestData.PathOf("vectors/exclusive-c14n");

        Tape.Read(
                File.ReadAllBytes(Path.Combine(folder, file)),
                MessageLimits.Default,
                new FindingList()
            )
            .ShouldBeNull(reason);
    }

    private static XmlElement Element(Tape tape, string ns, string name)
    {
        for (int node = 0; node < tape.Nodes.Count; node++)
            if (
                tape.Nodes[node].Kind == NodeKind.Element
                && Encoding.UTF8.GetString(tape.LocalName(tape.Nodes[node])) == name
                && Encoding.UTF8.GetString(tape.UriOctets(tape.Nodes[node].Namespace)) == ns
            )
                return new XmlElement(tape, node);
        throw new InvalidOperationException($"No {name} in the document.");
    }
}
