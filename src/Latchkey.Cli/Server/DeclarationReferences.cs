using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Latchkey.Cli.Server;

/// <summary>What a declaration names beside itself: metadata files and secrets. Read here, because the server must not open paths or variables that somebody sends it.</summary>
internal sealed class DeclarationReferences
{
    /// <summary>The texts of metadata files, by the names that the declaration gives them.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Secrets by <c>env:NAME</c> and <c>file:PATH</c>, PKCS#12 files in base64. One that is not there is left out: only what is new needs its own, and the server knows what is new.</summary>
    public Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Files that cannot be read, with the line that names them.</summary>
    public List<(int Line, string Sentence)> Unreadable { get; } = [];

    public static async Task<DeclarationReferences> ReadAsync(
        string document,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var found = new DeclarationReferences();
        foreach (var (key, line, name) in Names(document))
        {
            if (key == "env")
            {
                if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                {
                    found.Secrets[$"env:{name}"] = value;
                }
                continue;
            }
            try
            {
                var path = Path.GetFullPath(name, folder);
                if (key == "pkcs12")
                {
                    found.Secrets[$"file:{name}"] = Convert.ToBase64String(
                        await File.ReadAllBytesAsync(path, cancellationToken)
                    );
                    continue;
                }
                var text = await File.ReadAllTextAsync(path, cancellationToken);
                if (key == "file")
                {
                    found.Secrets[$"file:{name}"] = text.TrimEnd('\r', '\n');
                }
                else
                {
                    found.Files[name] = text;
                }
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                if (key == "sp_metadata")
                {
                    found.Unreadable.Add(
                        (line, $"The metadata file “{name}” cannot be read: {e.Message}")
                    );
                }
            }
        }
        return found;
    }

    /// <summary>Every value of a key <c>sp_metadata</c> that is neither an address nor XML, and of <c>env</c> and <c>file</c> below <c>password</c>, <c>private_key</c> and <c>pkcs12</c>. What is not YAML names none: the server says what is wrong with it, with the line.</summary>
    private static List<(string Key, int Line, string Name)> Names(string document)
    {
        var names = new List<(string, int, string)>();
        try
        {
            var parser = new Parser(new StringReader(document));
            while (parser.MoveNext())
            {
                if (parser.Current is Scalar { Value: "sp_metadata", IsKey: true })
                {
                    if (
                        parser.MoveNext()
                        && parser.Current is Scalar { Value: { Length: > 0 } value } scalar
                        && !value.Contains("://", StringComparison.Ordinal)
                        && !value.TrimStart().StartsWith('<')
                    )
                    {
                        names.Add(("sp_metadata", (int)scalar.Start.Line, value));
                    }
                }
                else if (
                    parser.Current
                        is Scalar { Value: "password" or "private_key" or "pkcs12", IsKey: true } of
                    && parser.MoveNext()
                    && parser.Current is MappingStart
                )
                {
                    Secret(parser, names, of.Value == "pkcs12" ? "pkcs12" : "file");
                }
            }
        }
        catch (YamlException)
        {
            return names;
        }
        return names;
    }

    /// <param name="parser">Within the mapping of a reference.</param>
    /// <param name="names">Takes what it names.</param>
    /// <param name="file">What a file is here: <c>file</c> for a text, <c>pkcs12</c> for bytes.</param>
    private static void Secret(Parser parser, List<(string, int, string)> names, string file)
    {
        while (parser.MoveNext() && parser.Current is Scalar key)
        {
            if (!parser.MoveNext() || parser.Current is not Scalar { Value.Length: > 0 } value)
            {
                return;
            }
            if (key.Value is "env" or "file")
            {
                names.Add((key.Value == "file" ? file : "env", (int)value.Start.Line, value.Value));
            }
        }
    }
}
