using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>What came.</summary>
/// <param name="Body">The file; empty when it is the one that was known.</param>
/// <param name="Validators">By which to ask next time; null when the server gave none.</param>
/// <param name="NotModified">Whether it is the one that was known.</param>
internal sealed record FetchedFile(byte[] Body, FetchValidators? Validators, bool NotModified);

/// <summary>How a server recognises what was fetched from it before (RFC 9110 §8.8).</summary>
internal sealed record FetchValidators(string? ETag, string? LastModified)
{
    /// <summary>They are kept and sent again as they came, and no server needs long ones.</summary>
    private const int Longest = 512;

    public static FetchValidators? Of(HttpResponseMessage response)
    {
        var etag = Short(response.Headers.ETag?.ToString());
        var modified = Short(response.Content.Headers.LastModified?.ToString("r"));
        return etag is null && modified is null ? null : new(etag, modified);
    }

    public void AddTo(HttpRequestHeaders headers)
    {
        if (ETag is not null)
        {
            headers.TryAddWithoutValidation("If-None-Match", ETag);
        }
        if (LastModified is not null)
        {
            headers.TryAddWithoutValidation("If-Modified-Since", LastModified);
        }
    }

    private static string? Short(string? value) => value?.Length > Longest ? null : value;
}

/// <summary>
/// Fetches a metadata file for an administrator without becoming anybody's way into our own network (rule M1):
/// https only, no proxy, no cookies, no credentials; the name is resolved once, every address it has is checked,
/// and the connection goes to a checked address, so that a second answer of the name server changes nothing.
/// Each redirect starts all of that again.
/// </summary>
internal sealed class MetadataFetch(FetchRules rules) : IDisposable
{
    private readonly HttpClient client = new(Guarded(rules))
    {
        // The deadline below covers all hops and the body; the client's own would only cover one.
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <param name="url">Where.</param>
    /// <param name="known">What there is already: then the answer may be that it is the same.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<FetchedFile>> GetAsync(
        string url,
        FetchValidators? known = null,
        CancellationToken cancellationToken = default
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(rules.Timeout);
        try
        {
            return await FollowAsync(url, known, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refuse("fetch-timeout", url, (int)rules.Timeout.TotalSeconds);
        }
        catch (RefusedAddressException refused)
        {
            return Refuse("fetch-private-address", refused.Host);
        }
        catch (HttpRequestException e) when (e.InnerException is RefusedAddressException refused)
        {
            return Refuse("fetch-private-address", refused.Host);
        }
        catch (HttpRequestException e)
        {
            return e switch
            {
                {
                    InnerException: SocketException
                    {
                        SocketErrorCode: SocketError.HostNotFound
                            or SocketError.NoData
                            or SocketError.TryAgain
                    }
                } => Refuse("fetch-name-unknown", Host(url)),
                { InnerException: AuthenticationException } => Refuse("fetch-tls", Host(url)),
                _ => Refuse("fetch-no-connection", Host(url)),
            };
        }
        catch (IOException)
        {
            return Refuse("fetch-no-connection", Host(url));
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<Outcome<FetchedFile>> FollowAsync(
        string url,
        FetchValidators? known,
        CancellationToken cancellationToken
    )
    {
        for (var hop = 0; hop <= rules.MaxRedirects; hop++)
        {
            if (Fault(url) is { } fault)
            {
                return Refuse(fault, url);
            }
            var here = new Uri(url);
            using var request = new HttpRequestMessage(HttpMethod.Get, here);
            request.Headers.Accept.ParseAdd(
                "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1"
            );
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Latchkey", null));
            known?.AddTo(request.Headers);
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
            {
                return new FetchedFile([], known, NotModified: true);
            }
            if ((int)response.StatusCode is >= 300 and < 400)
            {
                if (response.Headers.Location is not { } location)
                {
                    return Refuse("fetch-status", url, (int)response.StatusCode);
                }
                url = new Uri(here, location).AbsoluteUri;
                continue;
            }
            return response.StatusCode == HttpStatusCode.OK
                ? await BodyAsync(response, url, cancellationToken)
                : Refuse("fetch-status", url, (int)response.StatusCode);
        }
        return Refuse("fetch-redirects", url, rules.MaxRedirects);
    }

    private static async Task<Outcome<FetchedFile>> BodyAsync(
        HttpResponseMessage response,
        string url,
        CancellationToken cancellationToken
    )
    {
        if (response.Content.Headers.ContentLength > MetadataImport.MaxBytes)
        {
            return Refuse("metadata-too-large", url, MetadataImport.MaxBytes / 1024);
        }
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length + read > MetadataImport.MaxBytes)
            {
                return Refuse("metadata-too-large", url, MetadataImport.MaxBytes / 1024);
            }
            kept.Write(buffer, 0, read);
        }
        return new FetchedFile(kept.ToArray(), FetchValidators.Of(response), NotModified: false);
    }

    private string? Fault(string url)
    {
        var fault = EndpointUrl.Fault(url);
        // EndpointUrl lets http through to loopback, because a browser may go there. The server may not, by itself.
        return fault
            ?? (
                !rules.AllowLoopback && url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                    ? "fetch-not-https"
                    : null
            );
    }

    /// <summary>Connects to addresses that the rules allow, and follows no redirect.</summary>
    internal static SocketsHttpHandler Guarded(FetchRules rules) =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = rules.Timeout,
            MaxResponseHeadersLength = 64,
            // A kept connection would skip the check of the next fetch.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = (context, cancellationToken) =>
                ConnectAsync(rules, context.DnsEndPoint, cancellationToken),
        };

    private static async ValueTask<Stream> ConnectAsync(
        FetchRules rules,
        DnsEndPoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal)
            ? [literal]
            : await rules.Resolve(endpoint.Host, cancellationToken);
        // One refused address refuses the name: a public name with a private address is an attempt, not a mistake.
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, a => rules.Allows(a)))
        {
            throw new RefusedAddressException(endpoint.Host);
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Host(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : url;

    private static Problem Refuse(string code, params object[] args) =>
        new(code, "metadata_url", args);

    /// <summary>Carries the refusal out of the connection callback.</summary>
    private sealed class RefusedAddressException(string host) : Exception
    {
        public string Host { get; } = host;
    }
}
