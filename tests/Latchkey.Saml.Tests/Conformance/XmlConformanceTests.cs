using System.IO.Compression;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Tests.Xml;

namespace Latchkey.Saml.Tests.Conformance;

/// <summary>
/// The W3C XML conformance suite: documents without a DTD are accepted or refused as it says, except where our rules are
/// stricter, case by case below.
/// </summary>
public sealed class XmlConformanceTests
{
    /// <summary>Well-formed by the suite, refused by us: why, the finding and the cases.</summary>
    private static readonly (string Why, string Code, string[] Cases)[] Stricter =
    [
        ("X1: UTF-8 only", "xml-encoding", ["utf16b", "utf16l"]),
        (
            "X1: no processing instructions",
            "xml-processing-instruction",
            [
                "ibm-invalid-P89-ibm89n06.xml",
                "ibm-invalid-P89-ibm89n07.xml",
                "ibm-invalid-P89-ibm89n08.xml",
                "ibm-invalid-P89-ibm89n09.xml",
                "ibm-invalid-P89-ibm89n10.xml",
                "ibm-invalid-P89-ibm89n11.xml",
                "ibm-invalid-P89-ibm89n12.xml",
                "o-p01pass3",
                "o-p16pass2",
                "o-p16pass3",
                "o-p22pass3",
                "o-p27pass2",
                "o-p27pass4",
            ]
        ),
        ("X1: XML 1.0 only", "xml-malformed", ["rmt-015", "rmt-017", "rmt-018"]),
        (
            "X1: namespace-well-formed; these names have colons elsewhere than behind a prefix",
            "xml-malformed",
            ["o-p04pass1", "o-p05pass1"]
        ),
        (
            "Names as the fourth edition of XML 1.0 has them, and with it System.Xml; the fifth allows more",
            "xml-malformed",
            ["x-rmt5-014", "x-rmt5-016", "x-rmt5-019"]
        ),
    ];

    private static readonly Dictionary<string, byte[]> Documents = Unpack();

    public static IReadOnlyList<Case> Cases { get; } =
    [
        .. TestData
            .Text("w3c-xml/cases.tsv")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => new Case(cells[0], cells[1], cells[2], cells[3], cells[4])),
    ];

    [Fact]
    public void X1_What_is_not_well_formed_is_refused()
    {
        Cases
            .Where(one => one.Type == "not-wf" && one.IsOfTheFourthEdition && CodeOf(one) is null)
            .Select(one => one.Id)
            .ShouldBeEmpty();
    }

    [Fact]
    public void X1_What_is_well_formed_is_accepted_but_for_the_cases_of_stricter_rules()
    {
        string refused = string.Join(
            '\n',
            Cases
                .Where(one => one.Type is "valid" or "invalid")
                .Where(one => CodeOf(one) is not null)
                .Select(one => $"{CodeOf(one)} {one.Id}")
                .Order(StringComparer.Ordinal)
        );

        refused.ShouldBe(
            string.Join(
                '\n',
                Stricter
                    .SelectMany(rule => rule.Cases.Select(id => $"{rule.Code} {id}"))
                    .Order(StringComparer.Ordinal)
            )
        );
    }

    [Fact]
    public void X1_XML_1_1_is_refused() =>
        Cases
            .Where(one => one.Version == "1.1" && CodeOf(one) is null)
            .Select(one => one.Id)
            .ShouldBeEmpty();

    [Fact]
    public void What_is_accepted_is_read_as_System_Xml_reads_it()
    {
        foreach (Case one in Cases)
            if (Infoset.ByTape(Documents[one.File]) is { } ours)
                ours.ShouldBe(Infoset.BySystemXml(Documents[one.File]), one.Id);
    }

    // The code of the finding that refuses it; null when it is accepted.
    private static string? CodeOf(Case one)
    {
        FindingList findings = new();
        return Infoset.ByTape(Documents[one.File], findings) is null
            ? findings.Items[^1].Code
            : null;
    }

    private static Dictionary<string, byte[]> Unpack()
    {
        using ZipArchive archive = ZipFile.OpenRead(TestData.PathOf("w3c-xml/documents.zip"));
        Dictionary<string, byte[]> documents = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            using MemoryStream octets = new();
            stream.CopyTo(octets);
            documents.Add(entry.FullName, octets.ToArray());
        }
        return documents;
    }

    /// <summary>One row of the suite's catalogue.</summary>
    public sealed record Case(string Id, string Type, string Version, string Editions, string File)
    {
        /// <summary>Names of elements and attributes follow the fourth edition of XML 1.0, as System.Xml has them.</summary>
        public bool IsOfTheFourthEdition =>
            Editions.Length == 0 || Editions.Contains('4', StringComparison.Ordinal);
    }
}
