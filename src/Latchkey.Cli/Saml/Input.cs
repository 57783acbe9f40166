using System.Globalization;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Saml;

/// <summary>Reads what the arguments name, never more of it than the library would look at.</summary>
internal static class Input
{
    /// <summary>In place of a file name: standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>A little more than twice the longest message, so that a longer one is found to be too long and not cut.</summary>
    private static readonly int s_longest = (2 * MessageLimits.Default.EncodedLength) + 1;

    /// <summary>The octets of a file or of standard input.</summary>
    /// <exception cref="UnusableException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(
        string path,
        CancellationToken cancellationToken,
        int? longest = null
    )
    {
        try
        {
            await using var stream =
                path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            return await ReadAsync(stream, longest ?? s_longest, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"“{TerminalText.Show(path)}” cannot be read: {e.Message}");
        }
    }

    /// <summary>At most so many octets of a stream.</summary>
    public static async Task<byte[]> ReadAsync(
        Stream stream,
        int longest,
        CancellationToken cancellationToken
    )
    {
        using var octets = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (octets.Length < longest)
        {
            var wanted = (int)Math.Min(buffer.Length, longest - octets.Length);
            var read = await stream.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken);
            if (read == 0)
            {
                break;
            }
            octets.Write(buffer, 0, read);
        }
        return octets.ToArray();
    }

    /// <summary>An instant as SAML writes it.</summary>
    /// <exception cref="UnusableException">It is none.</exception>
    public static DateTimeOffset Time(string option, string? text, TimeProvider clock)
    {
        if (text is null)
        {
            return clock.GetUtcNow();
        }
        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw new UnusableException(
                $"{option} is “{TerminalText.Show(text)}”; expected a time such as 2026-03-01T12:00:00Z."
            );
    }

    /// <summary>An option's value that has to say something.</summary>
    /// <exception cref="UnusableException">It is empty.</exception>
    public static string NotEmpty(string option, string? text) =>
        string.IsNullOrWhiteSpace(text) ? throw new UnusableException($"{option} is empty.") : text;
}
