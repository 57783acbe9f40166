using System.Diagnostics;
using System.Text;

namespace Latchkey.Testing;

/// <summary>A program that runs beside the test. Its output is kept for the messages of failures; it dies with the test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything written to both streams so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IEnumerable<KeyValuePair<string, string>>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and returns what it wrote; anything but success is a failure.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IEnumerable<KeyValuePair<string, string>>? environment = null
    )
    {
        await using var child = Start(program, arguments, folder, environment);
        await child.EndAsync(TimeSpan.FromMinutes(2));
        return child.ExitCode == 0
            ? child.Output
            : throw new InvalidOperationException(
                $"{program} ended with {child.ExitCode}:\n{child.Output}"
            );
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task EndAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>SIGKILL: nothing more is written, nothing is said goodbye to.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops a program; killed when it does not listen.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start(
                "kill",
                ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
            );
            await signal.WaitForExitAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Falls through to the kill.
            }
        }
        await KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
