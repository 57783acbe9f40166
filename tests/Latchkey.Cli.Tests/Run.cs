using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Latchkey.Cli.Saml;

namespace Latchkey.Cli.Tests;

/// <summary>What a run of the command left behind.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Run(int Code, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the command in this process.</summary>
    public static async Task<Run> Latchkey(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var parsed = CommandLine.Build().Parse(arguments);
        var code = await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
            },
            TestContext.Current.CancellationToken
        );
        // As Program.cs has it.
        code = parsed.Errors.Count > 0 ? SamlCommand.Unusable : code;
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the command as a process of its own, as a script does.</summary>
    public static async Task<Run> Process(byte[] standardInput, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "latchkey.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(
                standardInput,
                TestContext.Current.CancellationToken
            );
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all that was offered.
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run(process.ExitCode, await output, await error);
    }
}
