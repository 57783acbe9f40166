using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Cli.Server;

/// <summary>Where the server is, and the token that opens its API.</summary>
internal sealed record ServerAddress(Uri? Server, string Token);

/// <summary>That the call could not be made, or was refused; the message says why.</summary>
internal sealed class CallFailedException(string message, bool refused = false) : Exception(message)
{
    /// <summary>Whether the server said no, and not that the call never came to that.</summary>
    public bool Refused { get; } = refused;
}

/// <summary>Calls the server's API.</summary>
/// <param name="address">Which server.</param>
/// <param name="transport">For tests; the network otherwise.</param>
internal sealed class ServerCall(ServerAddress address, HttpMessageHandler? transport = null)
    : IDisposable
{
    public static readonly JsonSerializerOptions Shown = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly HttpClient _client = new(
        transport ?? new SocketsHttpHandler { AllowAutoRedirect = false },
        disposeHandler: transport is null
    )
    {
        Timeout = TimeSpan.FromMinutes(10),
    };

    public void Dispose() => _client.Dispose();

    /// <summary>Calls and returns the body's text; refusals are thrown as sentences.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">From the server's root.</param>
    /// <param name="body">JSON, or null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellationToken
    )
    {
        var (status, text) = await TrySendAsync(method, path, body, cancellationToken);
        if ((int)status < 300)
        {
            return text;
        }
        throw new CallFailedException(
            Problems(text) is { Count: > 0 } problems
                ? string.Join('\n', problems.Select(p => p.Sentence))
                : $"The server answered {(int)status}; is the address Latchkey's?",
            refused: Problems(text).Count > 0 && status != HttpStatusCode.Unauthorized
        );
    }

    /// <summary>Calls and returns whatever is answered.</summary>
    public async Task<(HttpStatusCode Status, string Text)> TrySendAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellationToken
    )
    {
        if (address.Server is not { IsAbsoluteUri: true } server)
        {
            throw new CallFailedException(
                "--server is missing; expected the server's address, such as https://id.example.com."
            );
        }
        if (server.Scheme != Uri.UriSchemeHttps && !server.IsLoopback)
        {
            throw new CallFailedException(
                $"--server is {server}; expected https, because the token would travel in the clear."
            );
        }
        if (address.Token.Length == 0)
        {
            throw new CallFailedException(
                "--token is missing; it is made at /admin/settings/tokens."
            );
        }
        using var request = new HttpRequestMessage(method, new Uri(server, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
        if (body is not null)
        {
            request.Content = new StringContent(
                body.ToJsonString(),
                Encoding.UTF8,
                "application/json"
            );
        }
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            return (
                response.StatusCode,
                await response.Content.ReadAsStringAsync(cancellationToken)
            );
        }
        catch (HttpRequestException e)
        {
            throw new CallFailedException(e.Message);
        }
    }

    /// <summary>The problems of a refusal; none where the text is something else.</summary>
    public static IReadOnlyList<ServerProblem> Problems(string text)
    {
        try
        {
            return
            [
                .. (JsonNode.Parse(text)?["problems"]?.AsArray() ?? []).Select(
                    p => new ServerProblem(
                        (int?)p!["line"],
                        (string?)p["field"],
                        (string)p["text"]!
                    )
                ),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}

/// <summary>One thing that the server said is wrong.</summary>
internal sealed record ServerProblem(int? Line, string? Field, string Text)
{
    public string Sentence => Field is null ? Text : $"{Field}: {Text}";
}
