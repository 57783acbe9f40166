using System.Collections.Frozen;
using System.Reflection;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// Every connector: those that come with Latchkey, and those in the administrator's folder (LATCHKEY_CONNECTORS),
/// which take the place of a shipped one of the same slug. A file with something wrong is left out and told of.
/// </summary>
internal sealed class ConnectorCatalogue
{
    private const string Shipped = "connectors/";

    private readonly string? _folder;
    private readonly ITexts _texts;
    private readonly ILogger<ConnectorCatalogue> _log;
    private readonly Lock _reading = new();
    private volatile State? _state;

    public ConnectorCatalogue(ServerOptions server, ITexts texts, ILogger<ConnectorCatalogue> log)
    {
        _folder = server.ConnectorsFolder;
        _texts = texts;
        _log = log;
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Connector> All => Current.Connectors;

    /// <summary>What is wrong in the administrator's folder.</summary>
    public IReadOnlyList<ConnectorProblem> Problems => Current.Problems;

    public Connector? Find(string? slug) =>
        slug is null ? null : Current.BySlug.GetValueOrDefault(slug);

    /// <summary>Reads the administrator's folder again if a file of it has changed.</summary>
    public void Refresh()
    {
        if (_folder is not null && _state is { } state && state.Stamp != Stamp(_folder))
        {
            lock (_reading)
            {
                _state = Read();
            }
        }
    }

    private State Current
    {
        get
        {
            if (_state is { } state)
            {
                return state;
            }
            lock (_reading)
            {
                return _state ??= Read();
            }
        }
    }

    private State Read()
    {
        var problems = new List<ConnectorProblem>();
        var connectors = new Dictionary<string, Connector>(StringComparer.Ordinal);
        foreach (var connector in ReadShipped())
        {
            connectors[connector.Slug] = connector;
        }
        var stamp = _folder is null ? "" : Stamp(_folder);
        if (_folder is not null)
        {
            foreach (var file in Files(_folder, problems))
            {
                if (ReadOwn(file, problems) is { } connector)
                {
                    connectors[connector.Slug] = connector;
                }
            }
        }
        foreach (var problem in problems)
        {
#pragma warning disable CA1848 // Seldom, and never in a busy place.
            _log.LogWarning(
                "Connector left out: {File} line {Line}: {Text}",
                problem.File,
                problem.Line,
                _texts.In(LanguageTags.English).Say(problem.Problem)
            );
#pragma warning restore CA1848
        }
        return new State(
            [.. connectors.Values.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)],
            connectors.ToFrozenDictionary(StringComparer.Ordinal),
            problems,
            stamp
        );
    }

    private static IEnumerable<Connector> ReadShipped()
    {
        var assembly = typeof(ConnectorCatalogue).Assembly;
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(n => n.StartsWith(Shipped, StringComparison.Ordinal))
                .Where(n => n.EndsWith(".json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            var file = name[Shipped.Length..];
            var connector =
                ConnectorReader.Read(file, Resource(assembly, name)!, out var problems)
                ?? throw new InvalidOperationException(
                    $"{file}:{problems[0].Line} {problems[0].Problem.Code}"
                );
            var logo = Resource(assembly, $"{Shipped}logos/{connector.Slug}.svg");
            yield return connector with
            {
                LogoPath = logo is null ? null : ConnectorLogo.Path(logo),
            };
        }
    }

    private static Connector? ReadOwn(string path, List<ConnectorProblem> problems)
    {
        var name = Path.GetFileName(path);
        try
        {
            var connector = ConnectorReader.Read(name, File.ReadAllBytes(path), out var found);
            problems.AddRange(found);
            if (connector is null)
            {
                return null;
            }
            var logo = Path.Combine(Path.GetDirectoryName(path)!, "logos", connector.Slug + ".svg");
            return connector with
            {
                LogoPath = File.Exists(logo) ? ConnectorLogo.Path(File.ReadAllBytes(logo)) : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                new ConnectorProblem(
                    name,
                    ConnectorProblem.Whole,
                    new Problem("connector-unreadable", "", e.Message)
                )
            );
            return null;
        }
    }

    private static byte[]? Resource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What lies in the folder; nothing while it cannot be read, as when what it is mounted from is away.</summary>
    private static IReadOnlyList<string> Files(string folder, List<ConnectorProblem> problems)
    {
        try
        {
            return
            [
                .. System
                    .IO.Directory.EnumerateFiles(folder, "*.json")
                    .Where(f => Path.GetFileName(f) != "schema.json")
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                new ConnectorProblem(
                    folder,
                    ConnectorProblem.Whole,
                    new Problem("connector-folder-unreadable", "", e.Message)
                )
            );
            return [];
        }
    }

    /// <summary>Changes whenever a file comes, goes or is written, and when the folder itself does.</summary>
    private static string Stamp(string folder)
    {
        var problems = new List<ConnectorProblem>();
        var files = Files(folder, problems)
            .Select(f => new FileInfo(f))
            // One that went in between counts as gone.
            .Select(f => f.Exists ? $"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}" : f.Name);
        return string.Join('\n', files.Concat(problems.Select(p => $"{p.Problem.Args[0]}")));
    }

    private sealed record State(
        IReadOnlyList<Connector> Connectors,
        FrozenDictionary<string, Connector> BySlug,
        IReadOnlyList<ConnectorProblem> Problems,
        string Stamp
    );
}
