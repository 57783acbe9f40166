using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Latchkey.Testing;

/// <summary>The built server as a process of its own: real HTTP on a free loopback port, a real database, a folder of its own.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly ServerSetup _setup;
    private readonly TemporaryFolder _folder = new();
    private PostgresDatabase? _database;
    private ChildProcess? _process;
    private string _earlierOutput = "";

    private ServerProcess(ServerSetup setup)
    {
        _setup = setup;
        Address = new Uri($"http://{setup.Host}:{setup.Port}");
        Client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        )
        {
            BaseAddress = Address,
        };
    }

    /// <summary>Its public address, without a slash at the end when printed through <see cref="At"/>.</summary>
    public Uri Address { get; }

    /// <summary>A client that follows nothing and keeps no cookies.</summary>
    public HttpClient Client { get; }

    /// <summary>Holds the SQLite file, the master key and the bootstrap file with what it refers to.</summary>
    public string Folder => _folder.Path;

    /// <summary>The running process, for measuring it.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>What it wrote, over all its lives.</summary>
    public string Output => _earlierOutput + _process?.Output;

    /// <summary>An Npgsql connection string or a SQLite file path, to look at what is stored.</summary>
    public string Storage => _database?.ConnectionString ?? SqliteFile;

    /// <summary>The one-time code that an empty installation prints.</summary>
    public string SetupCode =>
        SetupCodePattern().Match(Output) is { Success: true } found
            ? found.Groups["code"].Value
            : throw new InvalidOperationException("No setup code in the output:\n" + Output);

    public static async Task<ServerProcess> StartAsync(ServerSetup? setup = null)
    {
        var server = new ServerProcess(setup ?? new ServerSetup());
        try
        {
            if (server._setup.Engine == Engine.PostgreSql)
                server._database = await PostgresDatabase.CreateAsync();
            server._folder.Write(
                "master.key",
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
            );
            foreach (var (name, content) in server._setup.Files)
                server._folder.Write(name, content);
            if (server._setup.Bootstrap is not null)
                server._folder.Write("bootstrap.yaml", server._setup.Bootstrap);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The absolute address of a path.</summary>
    public string At(string path) => new Uri(Address, path).AbsoluteUri;

    /// <summary>SIGKILL in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        Forget();
    }

    /// <summary>SIGTERM and the wait for its end.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync();
        Forget();
    }

    /// <summary>Starts it on the same database and folder, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start(
            "dotnet",
            [Repository.Program("Latchkey.Server")],
            Folder,
            EnvironmentOfServer()
        );
        await Wait.UntilAsync(ReadyAsync, () => $"The server is not ready:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Client.Dispose();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
    }

    private string SqliteFile => _folder.File("latchkey.db");

    private void Forget()
    {
        _earlierOutput = Output;
        _process = null;
    }

    private async Task<bool> ReadyAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException("The server ended at its start:\n" + Output);
        try
        {
            using var answer = await Client.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> EnvironmentOfServer()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LATCHKEY_PUBLIC_URL"] = Address.AbsoluteUri.TrimEnd('/'),
            ["LATCHKEY_DATABASE"] = _database?.Address ?? SqliteFile,
            ["LATCHKEY_DATA"] = Folder,
            ["LATCHKEY_MASTER_KEY_FILE"] = _folder.File("master.key"),
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            // A server that lives for a minute only pays for learning which branches are taken.
            ["DOTNET_TieredPGO"] = "0",
        };
        if (_setup.Bootstrap is not null)
            variables["LATCHKEY_BOOTSTRAP_FILE"] = _folder.File("bootstrap.yaml");
        foreach (var (name, value) in _setup.Environment)
            variables[name] = value;
        return variables;
    }

    [GeneratedRegex(
        @"setup code[^A-Z0-9\n]*(?<code>[A-Z0-9]{4,}(-[A-Z0-9]{4,})*)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SetupCodePattern();
}
