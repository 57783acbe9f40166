using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Latchkey.Saml.AspNetCore.Tests;

/// <summary>What the documents say about the libraries is held against the libraries.</summary>
public sealed partial class DocumentsTests
{
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
