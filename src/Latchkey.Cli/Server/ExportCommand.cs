namespace Latchkey.Cli.Server;

/// <summary>Writes the whole organisation as a file for <c>apply</c>.</summary>
/// <param name="output">Takes the file where no other place is named.</param>
/// <param name="errors">Takes the sentence why it did not go.</param>
/// <param name="transport">For tests; the network otherwise.</param>
internal sealed class ExportCommand(
    TextWriter output,
    TextWriter errors,
    HttpMessageHandler? transport = null
)
{
    /// <param name="address">The server.</param>
    /// <param name="file">Where to; null for standard output.</param>
    /// <param name="passwords">Whether users who have a password get a reference to one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<int> RunAsync(
        ServerAddress address,
        FileInfo? file,
        bool passwords,
        CancellationToken cancellationToken
    ) =>
        ExitCodes.RunAsync(
            errors,
            async () =>
            {
                using var call = new ServerCall(address, transport);
                var text = await call.SendAsync(
                    HttpMethod.Get,
                    $"/api/v1/export?passwords={(passwords ? "true" : "false")}",
                    null,
                    cancellationToken
                );
                if (file is null)
                {
                    await output.WriteAsync(text);
                }
                else
                {
                    await File.WriteAllTextAsync(file.FullName, text, cancellationToken);
                }
                return ExitCodes.Done;
            }
        );
}
