using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Tests.Findings;

/// <summary>
/// <c>docs/findings</c> has a page for each finding, made of the table. After a change of the table:
/// LATCHKEY_TEST_RECORD=1 ./test.sh --only Saml.Tests -- --filter-class '*FindingPage*'
/// </summary>
public sealed class FindingPageTests
{
    private static readonly Dictionary<string, string> Rules = TestData
        .Text("rules.tsv")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal);

    // The beginning of a reference to a specification, and where that is published.
    private static readonly (string Name, string Address)[] Specifications =
    [
        ("saml-core-2.0", "https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf"),
        (
            "saml-bindings-2.0",
            "https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf"
        ),
        (
            "saml-profiles-2.0",
            "https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf"
        ),
        (
            "saml-metadata-2.0",
            "https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf"
        ),
        ("saml2int 2.0", "https://kantarainitiative.github.io/SAMLprofiles/saml2int.html"),
        ("saml-", "https://docs.oasis-open.org/security/saml/"),
        ("sstc-", "https://docs.oasis-open.org/security/saml/"),
        ("xmldsig-core", "https://www.w3.org/TR/xmldsig-core1/"),
        ("xmlenc-core1", "https://www.w3.org/TR/xmlenc-core1/"),
        ("xml-exc-c14n", "https://www.w3.org/TR/xml-exc-c14n/"),
        ("XML 1.0", "https://www.w3.org/TR/2006/REC-xml-20060816/"),
        ("Namespaces in XML 1.0", "https://www.w3.org/TR/xml-names/"),
        ("SOAP 1.1", "https://www.w3.org/TR/2000/NOTE-SOAP-20000508/"),
        ("RFC ", "https://www.rfc-editor.org/"),
    ];

    public static TheoryData<string> Codes => [.. FindingKinds.All.Select(kind => kind.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_finding_has_a_page_made_of_the_table(string code) =>
        Page(FindingKinds.All.Single(kind => kind.Code == code))
            .ShouldEqualDocument($"findings/{code}.md");

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_finding_has_an_example_of_what_was_expected(string code)
    {
        FindingExample example = FindingExamples
            .Of(FindingKinds.All.Single(kind => kind.Code == code))
            .First();

        example.Finding.Expected.ShouldNotBeNullOrEmpty();
        example.Finding.At.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void The_index_lists_them_all() => Index().ShouldEqualDocument("findings/README.md");

    [Fact]
    public void There_is_no_page_without_a_finding() =>
        Directory
            .EnumerateFiles(Path.Combine(TestData.Root, "docs/findings"), "*.md")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Except(FindingKinds.All.Select(kind => kind.Code).Append("README"))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_finding_names_a_specification_that_is_known(string code)
    {
        string specification = FindingKinds.All.Single(kind => kind.Code == code).Specification;

        Specifications.ShouldContain(known =>
            specification.StartsWith(known.Name, StringComparison.Ordinal)
        );
    }

    private static string Page(FindingKind kind)
    {
        StringBuilder page = new();
        page.Append($"# `{kind.Code}`\n\n{kind.Title}\n\n");
        page.Append("| | |\n| --- | --- |\n");
        page.Append(
            $"| Severity | {(kind.Severity == Severity.Refusal ? "the message is refused" : "a warning: the message is accepted")} |\n"
        );
        page.Append(
            $"| Rule | {kind.Rule}{(Rules.TryGetValue(kind.Rule, out string? rule) ? ": " + rule : "")} |\n"
        );
        page.Append($"| Specification | [{kind.Specification}]({AddressOf(kind)}) |\n");
        page.Append($"\n## What to do\n\n{kind.Remedy}\n");

        FindingExample[] examples = [.. FindingExamples.Of(kind)];
        if (examples.Length > 0)
            AppendExample(page, examples[0]);
        string[] files = [.. examples.Select(example => example.File).OfType<string>().Distinct()];
        if (files.Length > 0)
            page.Append(
                $"\n## Attacks that end here\n\n{Count(files.Length)} of the [messages of attackers](../explanation/attacks.md) that every test run tries: {string.Join(", ", files.Take(6).Select(file => $"`{file}`"))}{(files.Length > 6 ? ", …" : ".")}\n"
            );
        page.Append("\n[All findings](README.md)\n");
        return page.ToString();
    }

    private static void AppendExample(StringBuilder page, FindingExample example)
    {
        page.Append(
            $"\n## Example\n\nThe fault: {Markdown(example.What)}. What is said about it:\n\n```\n"
        );
        page.Append($"expected  {OneLine(example.Finding.Expected)}\n");
        page.Append($"found     {OneLine(example.Finding.Found)}\n");
        page.Append($"at        {OneLine(example.Finding.At)}\n```\n");
    }

    private static string Index()
    {
        StringBuilder page = new(
            """
            # Findings

            Why a message is refused, by code. A code is stable: it means the same in every version. The rule is the number of the
            security rule behind it, the last column the paragraph of the specification. These pages are made of the table in
            `src/Latchkey.Saml/Findings/FindingKinds.cs`.

            | Code | What it means | What to do | Rule | Specification |
            | --- | --- | --- | --- | --- |

            """
        );
        foreach (FindingKind kind in FindingKinds.All)
            page.Append(
                $"| [`{kind.Code}`]({kind.Code}.md) | {kind.Title} | {kind.Remedy} | {kind.Rule} | {kind.Specification} |\n"
            );
        return page.ToString();
    }

    private static string AddressOf(FindingKind kind) =>
        Specifications
            .First(known => kind.Specification.StartsWith(known.Name, StringComparison.Ordinal))
            .Address;

    private static string Count(int files) => files == 1 ? "One" : $"{files}";

    private static string Markdown(string text) =>
        text.Replace("<", "&lt;", StringComparison.Ordinal);

    // What a stranger wrote may hold anything.
    private static string OneLine(string? text) =>
        text is null
            ? "-"
            : string.Concat(text.Select(c => c == '`' || char.IsControl(c) ? ' ' : c)).Trim();
}
