using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Latchkey.Web.Texts;

/// <summary>The texts of several assemblies, merged from their embedded files; a key may stand in one file only.</summary>
internal sealed class TextCatalogue : ITexts
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private readonly FrozenDictionary<string, string> texts;
    private readonly bool missingKeyThrows;

    public TextCatalogue(IEnumerable<Assembly> assemblies, bool missingKeyThrows)
    {
        this.missingKeyThrows = missingKeyThrows;
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
        {
            foreach (var name in assembly.GetManifestResourceNames())
            {
                if (name.EndsWith("Texts.en.json", StringComparison.Ordinal))
                {
                    Read(assembly, name, all);
                }
            }
        }
        texts = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Keys => texts.Keys;

    public string this[string key, params object?[] args]
    {
        get
        {
            var text = Find(key, args);
            return args.Length == 0 ? text : string.Format(English, text, args);
        }
    }

    public bool Has(string key) => texts.ContainsKey(key);

    private string Find(string key, object?[] args)
    {
        if (args is [1 or 1L, ..] && texts.TryGetValue(key + ".one", out var singular))
        {
            return singular;
        }
        if (texts.TryGetValue(key, out var text))
        {
            return text;
        }
        return missingKeyThrows
            ? throw new KeyNotFoundException($"There is no text with the key {key}.")
            : key;
    }

    private static void Read(Assembly assembly, string name, Dictionary<string, string> all)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var file = JsonSerializer.Deserialize<Dictionary<string, string>>(
            stream,
            new JsonSerializerOptions { ReadCommentHandling = JsonCommentHandling.Skip }
        )!;
        foreach (var (key, text) in file)
        {
            if (!all.TryAdd(key, text))
            {
                throw new InvalidOperationException($"The text {key} of {name} exists already.");
            }
        }
    }
}
