using System.Text.Json;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Languages;

/// <summary>The texts of one folder in English and in one other language, as they stand in the files.</summary>
internal sealed record TextFolder(
    string Name,
    IReadOnlyDictionary<string, string> English,
    IReadOnlyDictionary<string, string> Other
)
{
    /// <summary>Every folder that has texts. Where the language's file is missing, nothing is there.</summary>
    public static IReadOnlyList<TextFolder> Of(string language)
    {
        var source = Path.Combine(Repository.Root, "src");
        return
        [
            .. System
                .IO.Directory.EnumerateFiles(source, "Texts.en.json", SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!)
                .Where(folder =>
                    !Path.GetRelativePath(source, folder).Contains("bin", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
                .Select(folder => new TextFolder(
                    Path.GetRelativePath(source, folder),
                    Read(folder, "en"),
                    Read(folder, language)
                )),
        ];
    }

    private static Dictionary<string, string> Read(string folder, string language)
    {
        var file = Path.Combine(folder, $"Texts.{language}.json");
        return File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!
            : [];
    }
}
