using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Latchkey.Saml.Tests.Architecture;

/// <summary>All that a caller of the core can name, on one page: a change to it is a change to a document that a person reads.</summary>
public sealed partial class PublicSurfaceTests
{
    private const int LinesOfAPage = 66;

    private const string Top = """
        # The public surface of the protocol core

        Everything that `Latchkey.Saml` shows its callers; all else is internal. Verbs first: where bytes go in or come out, and
        where keys are made. What they take and give are values, listed below by folder; each says in its own documentation what it holds,
        in which units, and which section of the specification it comes from. [How it decides](../explanation/protocol-core.md),
        [samples](../../src/Latchkey.Saml/README.md).

        """;

    [Fact]
    public void It_is_the_page_in_the_reference() =>
        Page().ShouldEqualDocument("reference/protocol-core.md");

    [Fact]
    public void It_fits_one_page() =>
        Page().Split('\n').Length.ShouldBeLessThanOrEqualTo(LinesOfAPage);

    private static string Page()
    {
        Dictionary<string, string> summaries = Summaries();
        Type[] types = typeof(Latchkey.Saml.Findings.Finding)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsNested)
            .OrderBy(Folder, StringComparer.Ordinal)
            .ThenBy(Name, StringComparer.Ordinal)
            .ToArray();
        StringBuilder page = new(Top);
        page.Append("\n## Verbs\n\n");
        foreach (Type type in types.Where(type => Verbs(type).Length > 0))
            page.Append(
                    $"- `{Name(type)}`: {string.Join(", ", Verbs(type).Select(verb => $"`{verb}`"))}. "
                )
                .Append(summaries[$"T:{type.FullName}"])
                .Append('\n');
        page.Append("\n## Values\n\n");
        foreach (
            IGrouping<string, Type> folder in types
                .Where(type => Verbs(type).Length == 0)
                .GroupBy(Folder)
        )
            page.Append(
                $"- **{folder.Key}**: {string.Join(", ", folder.Select(type => $"`{Name(type)}`"))}\n"
            );
        return page.ToString();
    }

    // A verb is a static method, or a method of something that holds a key or a file.
    private static string[] Verbs(Type type) =>
        type.IsEnum
            ? []
            :
            [
                .. type.GetMethods(
                        BindingFlags.Public
                            | BindingFlags.DeclaredOnly
                            | BindingFlags.Static
                            | BindingFlags.Instance
                    )
                    .Where(method => !method.IsSpecialName && !IsOfEveryValue(method))
                    .Select(method => method.Name)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];

    private static bool IsOfEveryValue(MethodInfo method) =>
        method.Name
            is "Equals"
                or "GetHashCode"
                or "ToString"
                or "Deconstruct"
                or "Dispose"
                or "<Clone>$";

    private static string Folder(Type type) =>
        type.Namespace == "Latchkey.Saml" ? "Saml" : type.Namespace!["Latchkey.Saml.".Length..];

    private static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<T>"
            : type.Name;

    private static Dictionary<string, string> Summaries() =>
        XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, "Latchkey.Saml.xml"))
            .Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(
                member => (string)member.Attribute("name")!,
                member => FirstSentence(Plain(member.Element("summary")!))
            );

    private static string Plain(XElement summary) =>
        Space()
            .Replace(
                string.Concat(
                    summary
                        .Nodes()
                        .Select(node =>
                            node switch
                            {
                                XText text => text.Value,
                                XElement { Name.LocalName: "see" or "paramref" } named => LastPart(
                                    (string?)named.Attribute("cref")
                                        ?? (string?)named.Attribute("name")
                                        ?? (string?)named.Attribute("langword")
                                        ?? ""
                                ),
                                XElement other => other.Value,
                                _ => "",
                            }
                        )
                ),
                " "
            )
            .Trim();

    private static string LastPart(string cref) => cref[(cref.LastIndexOf('.') + 1)..];

    private static string FirstSentence(string text) => Sentence().Match(text).Value;

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();

    [GeneratedRegex(@"^.*?[.!?](?=\s|$)|^.*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sentence();
}
