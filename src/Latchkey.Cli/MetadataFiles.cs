using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Latchkey.Cli;

/// <summary>The metadata files that a declaration names: read here, because the server must not open paths that somebody sends it.</summary>
internal sealed class MetadataFiles
{
    /// <summary>Their texts, by the names that the declaration gives them.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that cannot be read, with the line that names them.</summary>
    public List<(int Line, string Sentence)> Unreadable { get; } = [];

    public static async Task<MetadataFiles> ReadAsync(
        string document,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var files = new MetadataFiles();
        foreach (var (line, name) in Names(document))
        {
            try
            {
                files.Texts[name] = await File.ReadAllTextAsync(
                    Path.GetFullPath(name, folder),
                    cancellationToken
                );
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                files.Unreadable.Add(
                    (line, $"The metadata file “{name}” cannot be read: {e.Message}")
                );
            }
        }
        return files;
    }

    /// <summary>Every value of a key <c>sp_metadata</c> that is neither an address nor XML. What is not YAML names none: the server says what is wrong with it, with the line.</summary>
    private static List<(int Line, string Name)> Names(string document)
    {
        var names = new List<(int, string)>();
        try
        {
            var parser = new Parser(new StringReader(document));
            while (parser.MoveNext())
            {
                if (
                    parser.Current is Scalar { Value: "sp_metadata", IsKey: true }
                    && parser.MoveNext()
                    && parser.Current is Scalar { Value: { Length: > 0 } value } scalar
                    && !value.Contains("://", StringComparison.Ordinal)
                    && !value.TrimStart().StartsWith('<')
                )
                {
                    names.Add(((int)scalar.Start.Line, value));
                }
            }
        }
        catch (YamlException)
        {
            return names;
        }
        return names;
    }
}
