using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Tests.Responses;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>The reader beside System.Xml (rule X1): it accepts nothing that System.Xml refuses, and reads the same.</summary>
public sealed class ReaderDifferentialTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    [Fact]
    public void X1_Generated_documents_are_read_as_System_Xml_reads_them()
    {
        Random random = Seeded(out int seed);
        DocumentGenerator generator = new(random);
        Stopwatch watch = Stopwatch.StartNew();
        int read = 0;
        while (watch.Elapsed < Budget)
        {
            byte[] document = generator.Next(ruined: false);
            string? expected = Infoset.BySystemXml(document);
            FindingList findings = new();
            string? actual = Infoset.ByTape(document, findings);
            actual.ShouldBe(
                expected,
                $"seed {seed}: {string.Join(';', findings.Items)} {Encoding.UTF8.GetString(document)}"
            );
            read++;
        }
        output.WriteLine($"{read} documents");
    }

    [Fact]
    public void X1_Ruined_documents_are_refused_where_System_Xml_refuses_them()
    {
        Random random = Seeded(out int seed);
        DocumentGenerator generator = new(random);
        Compare(seed, () => generator.Next(ruined: true));
    }

    [Fact]
    public void X1_Mutated_messages_are_refused_where_System_Xml_refuses_them()
    {
        Random random = Seeded(out int seed);
        byte[] genuine = Encoding.UTF8.GetBytes(
            ReceivedResponses.Written(SignedParts.AssertionAndResponse)
        );
        const string pieces = "<>/&;'\"=!-[]?: \t\r\nxa#é\0";
        Compare(
            seed,
            () =>
            {
                List<byte> altered = [.. genuine];
                for (int times = random.Next(1, 4); times > 0; times--)
                {
                    int at = random.Next(altered.Count);
                    if (random.Next(3) == 0)
                        altered.RemoveAt(at);
                    else if (random.Next(2) == 0)
                        altered[at] = (byte)random.Next(256);
                    else
                        altered.InsertRange(
                            at,
                            Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)].ToString())
                        );
                }
                return [.. altered];
            }
        );
    }

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

    // Ours may refuse more: processing instructions, relative namespaces, repeated IDs. It never refuses less.
    private void Compare(int seed, Func<byte[]> next)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int tried = 0;
        int accepted = 0;
        while (watch.Elapsed < Budget)
        {
            byte[] document = next();
            tried++;
            if (Infoset.ByTape(document) is not { } actual)
                continue;
            accepted++;
            actual.ShouldBe(
                Infoset.BySystemXml(document),
                $"seed {seed}: {Encoding.UTF8.GetString(document)}"
            );
        }
        output.WriteLine($"{tried} documents, {accepted} accepted");
    }

    private Random Seeded(out int seed)
    {
        seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
