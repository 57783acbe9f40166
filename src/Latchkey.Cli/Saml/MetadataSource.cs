using System.Net;
using Latchkey.Saml.Metadata;

namespace Latchkey.Cli.Saml;

/// <summary>Where metadata comes from: a file, an address, standard input. What cannot be read twice lies in a temporary file meanwhile.</summary>
internal static class MetadataSource
{
    /// <summary>The largest federation publishes about a fifth of that.</summary>
    private const long Longest = 512L * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Opens it.</summary>
    /// <exception cref="UnusableException">It cannot be read.</exception>
    public static async Task<Stream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            if (IsAddress(source, out var address))
            {
                return await FetchAsync(address, cancellationToken);
            }
            if (source != Input.StandardInput)
            {
                return File.OpenRead(source);
            }
            await using var input = Console.OpenStandardInput();
            return await KeepAsync(input, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException(
                $"“{TerminalText.Show(source)}” cannot be read: {e.Message}"
            );
        }
    }

    /// <summary>Whether it is fetched over the network.</summary>
    public static bool IsAddress(string source, out Uri address) =>
        Uri.TryCreate(source, UriKind.Absolute, out address!)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    private static async Task<Stream> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { Timeout = s_patience };
            client.DefaultRequestHeaders.Accept.ParseAdd(
                $"{MetadataQuery.MediaType}, application/xml;q=0.9, */*;q=0.5"
            );
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            using var response = await client.GetAsync(
                address,
                HttpCompletionOption.ResponseHeadersRead,
                limit.Token
            );
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new UnusableException(
                    $"{address} answered {(int)response.StatusCode}; expected 200."
                );
            }
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            return await KeepAsync(body, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new UnusableException($"{address} cannot be fetched: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnusableException(
                $"{address} did not answer within {s_patience.TotalMinutes:0} minutes."
            );
        }
    }

    private static async Task<Stream> KeepAsync(Stream from, CancellationToken cancellationToken)
    {
        var kept = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 64 * 1024,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
        try
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                if (kept.Length > Longest)
                {
                    throw new UnusableException(
                        $"The metadata is longer than {Longest / (1024 * 1024)} MB."
                    );
                }
            }
            kept.Position = 0;
            return kept;
        }
        catch
        {
            await kept.DisposeAsync();
            throw;
        }
    }
}
