using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Pages;

/// <summary>What the sources of the server and its pages say about texts, read as text.</summary>
internal static partial class SourceText
{
    /// <summary>Every text by its key.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } =
        Files("*.en.json")
            .SelectMany(file =>
                JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!
            )
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Pages and code, by their paths.</summary>
    public static IReadOnlyDictionary<string, string> Sources { get; } =
        Files("*.cs")
            .Concat(Files("*.cshtml"))
            .ToDictionary(file => file, File.ReadAllText, StringComparer.Ordinal);

    /// <summary>Every whole string that stands somewhere.</summary>
    public static IReadOnlySet<string> Literals { get; } =
        All(Literal()).ToHashSet(StringComparer.Ordinal);

    /// <summary>Strings that a key begins with, the rest being found at run time: <c>$"a.{b}"</c> and <c>"a." + b</c>.</summary>
    public static IReadOnlyList<string> Beginnings { get; } =
    [.. All(Interpolated()).Concat(Literals.Where(l => KeyBeginning().IsMatch(l))).Distinct()];

    public static IEnumerable<string> All(Regex pattern) =>
        Sources.Values.SelectMany(source =>
            pattern.Matches(source).Select(match => match.Groups[1].Value)
        );

    private static IEnumerable<string> Files(string pattern) =>
        new[] { "Latchkey.Server", "Latchkey.Web" }
            .SelectMany(project =>
                System.IO.Directory.EnumerateFiles(
                    Path.Combine(Repository.Root, "src", project),
                    pattern,
                    SearchOption.AllDirectories
                )
            )
            .Where(file => !BuildOutput().IsMatch(file));

    [GeneratedRegex(@"[/\\](?:bin|obj)[/\\]", RegexOptions.None, 1000)]
    private static partial Regex BuildOutput();

    [GeneratedRegex("\"([A-Za-z0-9_.-]+)\"", RegexOptions.None, 5000)]
    private static partial Regex Literal();

    [GeneratedRegex("\\$\"([a-z][a-z-]*\\.[a-z.-]*)\\{", RegexOptions.None, 5000)]
    private static partial Regex Interpolated();

    [GeneratedRegex(@"^[a-z-]+\.(?:[a-z-]+\.)*$", RegexOptions.None, 1000)]
    private static partial Regex KeyBeginning();
}
