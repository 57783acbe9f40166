using System.Globalization;

namespace Latchkey.Testing;

/// <summary>A PostgreSQL cluster for one test alone, which may therefore stop it. It syncs to disk as a real one does.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _programs;
    private readonly int _port = Ports.Free();

    private OwnPostgres(string programs) => _programs = programs;

    /// <summary>A <c>postgres://</c> address as <c>LATCHKEY_DATABASE</c> takes it.</summary>
    public string Address => $"postgres://postgres@127.0.0.1:{_port}/postgres";

    /// <summary>The same for Npgsql.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false";

    private string Data => _folder.File("data");

    public static async Task<OwnPostgres> StartAsync()
    {
        var programs = Directory
            .EnumerateFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .OrderByDescending(folder => folder, StringComparer.Ordinal)
            .First();
        var postgres = new OwnPostgres(programs);
        // PostgreSQL refuses to run as root.
        if (IsRoot)
            await ChildProcess.RunAsync("chown", ["postgres", postgres._folder.Path], "/");
        await postgres.RunAsync(
            "initdb",
            "-D",
            postgres.Data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            // What is made here nobody misses; what is written later is synced.
            "--no-sync"
        );
        await postgres.StartAgainAsync();
        return postgres;
    }

    public Task StartAgainAsync() =>
        RunAsync(
            "pg_ctl",
            "-D",
            Data,
            "-w",
            "-t",
            "120",
            "-l",
            _folder.File("log"),
            "-o",
            string.Create(
                CultureInfo.InvariantCulture,
                $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on"
            ),
            "start"
        );

    /// <summary>Stops it without waiting for anybody and without a checkpoint, as a power cut does.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (InvalidOperationException)
        {
            // It is stopped.
        }
        _folder.Dispose();
    }

    private static bool IsRoot => Environment.UserName == "root";

    private async Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        // From a folder that its user may enter.
        if (IsRoot)
            await ChildProcess.RunAsync(
                "runuser",
                ["-u", "postgres", "--", path, .. arguments],
                "/"
            );
        else
            await ChildProcess.RunAsync(path, arguments, "/");
    }
}
