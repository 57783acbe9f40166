using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Web.Texts;

/// <summary>Reads the embedded files <c>Texts.LANGUAGE.json</c> of several assemblies, merged for each language.</summary>
internal static partial class TextFiles
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The texts of each language, by its tag.</summary>
    /// <exception cref="InvalidOperationException">A key stands in two files of one language.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Read(
        IEnumerable<Assembly> assemblies
    )
    {
        var languages = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
        {
            foreach (var name in assembly.GetManifestResourceNames())
            {
                if (FileName().Match(name) is not { Success: true } file)
                {
                    continue;
                }
                var tag = file.Groups["tag"].Value;
                if (!languages.TryGetValue(tag, out var texts))
                {
                    languages[tag] = texts = new Dictionary<string, string>(StringComparer.Ordinal);
                }
                Add(assembly, name, texts);
            }
        }
        return languages.ToDictionary(
            language => language.Key,
            language => (IReadOnlyDictionary<string, string>)language.Value
        );
    }

    private static void Add(Assembly assembly, string name, Dictionary<string, string> texts)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        foreach (
            var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(
                stream,
                s_json
            )!
        )
        {
            if (!texts.TryAdd(key, text))
            {
                throw new InvalidOperationException($"The text {key} of {name} exists already.");
            }
        }
    }

    [GeneratedRegex(
        @"(^|\.)Texts\.(?<tag>[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)\.json$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex FileName();
}
