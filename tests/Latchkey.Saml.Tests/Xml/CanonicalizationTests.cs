using System.Diagnostics;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>Exclusive canonicalization beside that of System.Security.Cryptography.Xml, and where that one is wrong.</summary>
public sealed class CanonicalizationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    [Fact]
    public void S2_Generated_documents_have_the_canonical_form_that_the_framework_gives_them()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        DocumentGenerator generator = new(random);
        string[] lists = ["", "a", "a b #default", "saml a-long.prefix_1 unknown xml", "#default"];
        Stopwatch watch = Stopwatch.StartNew();
        int compared = 0;
        while (watch.Elapsed < Budget)
        {
            byte[] document = generator.Next(ruined: false);
            string text = Encoding.UTF8.GetString(document);
            // The framework loses escaped white space in these; the test below has the right answers.
            if (text.Contains("&#", StringComparison.Ordinal) || Infoset.ByTape(document) is null)
                continue;
            bool comments = random.Next(2) == 0;
            string list = lists[random.Next(lists.Length)];
            Ours(document, comments, list)
                .ShouldBe(
                    Theirs(document, comments, list),
                    $"seed {seed}, {comments}, '{list}': {text}"
                );
            compared++;
        }
        output.WriteLine($"{compared} documents");
    }

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
        Ours(Encoding.UTF8.GetBytes(document), true, "").ShouldBe(canonical);

    [Fact]
    public void S7_The_canonical_form_is_its_own_canonical_form()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        DocumentGenerator generator = new(new Random(seed));
        for (int i = 0; i < 2_000; i++)
        {
            byte[] document = generator.Next(ruined: false);
            if (Infoset.ByTape(document) is null)
                continue;
            string once = Ours(document, comments: true, "a #default");
            Ours(Encoding.UTF8.GetBytes(once), comments: true, "a #default")
                .ShouldBe(once, $"seed {seed}");
        }
    }

    private static string Ours(byte[] document, bool comments, string list)
    {
        FindingList findings = new();
        using Tape tape = Tape.Read(document, MessageLimits.Default, findings)!;
        using Tape prefixes = Tape.Read(
            Encoding.UTF8.GetBytes($"<i l=\"{list}\"/>"),
            MessageLimits.Default,
            findings
        )!;
        using OctetBuffer output = new(16);
        ExclusiveCanonicalizer
            .Write(
                tape.Root,
                ExclusiveCanonicalizer.NothingLeftOut,
                new CanonicalForm(comments, prefixes.Root.Attribute("l"u8)),
                output,
                1_000_000
            )
            .ShouldBeTrue();
        return Encoding.UTF8.GetString(output.Written);
    }

    private static string Theirs(byte[] document, bool comments, string list)
    {
        XmlDocument dom = new() { PreserveWhitespace = true };
        using MemoryStream input = new(document);
        using XmlReader reader = XmlReader.Create(input);
        dom.Load(reader);
        // Outside the root only comments would remain, and we canonicalize elements.
        foreach (XmlNode node in dom.ChildNodes.Cast<XmlNode>().ToList())
            if (node != dom.DocumentElement)
                dom.RemoveChild(node);
        XmlDsigExcC14NTransform transform = new(comments, list);
        transform.LoadInput(dom);
        using Stream canonical = (Stream)transform.GetOutput(typeof(Stream));
        using StreamReader text = new(canonical, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
