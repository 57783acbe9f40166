namespace Latchkey.Cli.Server;

/// <summary>How commands end.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or nothing to do.</summary>
    public const int Done = 0;

    /// <summary>The server, or a file, has something against it; nothing was changed.</summary>
    public const int Refused = 1;

    /// <summary>It did not come to that: wrong arguments, an unreadable file, no answer, a token that is not taken.</summary>
    public const int Failed = 2;

    /// <summary>Runs a command and says in a sentence why it did not go.</summary>
    public static async Task<int> RunAsync(TextWriter errors, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (CallFailedException e)
        {
            await errors.WriteLineAsync(e.Message);
            return e.Refused ? Refused : Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(e.Message);
            return Failed;
        }
    }
}
