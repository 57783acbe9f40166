using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.AspNetCore.Tests;

/// <summary>What the documents say about the libraries is held against the libraries.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void The_reference_of_findings_is_the_table()
    {
        var file = Path.Combine(Root(), "docs/reference/findings.md");
        var expected = Findings();
        if (PublicApiTests.Recording)
        {
            File.WriteAllText(file, expected);
        }

        File.ReadAllText(file).ShouldBe(expected);
    }

    [Fact]
    public void The_reference_of_the_library_lists_every_setting()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs/reference/library.md"));
        var listed = Setting().Matches(text).Select(m => m.Groups["key"].Value);

        Saml2ConfigureOptions.Known.Except(listed, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        var root = Root();
        var files = Directory
            .EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(root, "*.md"))
            .Append(Path.Combine(root, "src/Latchkey.Saml.AspNetCore/README.md"));

        var dead =
            from file in files
            from link in Link().Matches(File.ReadAllText(file))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target.Split('#')[0]))
            select $"{Path.GetRelativePath(root, file)}: {target}";

        dead.ShouldBeEmpty();
    }

    private static string Findings()
    {
        var page = new StringBuilder(
            """
            # Findings

            Why a message is refused, by code. A code is stable: it means the same in every version. The rule is the
            number of the security rule behind it, the last column the paragraph of the specification. This page is made
            of the table in `src/Latchkey.Saml/Findings/FindingKinds.cs`.

            | Code | What it means | What to do | Rule | Specification |
            | --- | --- | --- | --- | --- |

            """
        );
        foreach (var kind in FindingKinds.All)
        {
            page.Append(
                $"| `{kind.Code}` | {kind.Title} | {kind.Remedy} | {kind.Rule} | {kind.Specification} |\n"
            );
        }

        return page.ToString();
    }

    [GeneratedRegex(
        @"^\| `(?<key>\w+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Setting();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
