using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Faults.Tests;

/// <summary>A browser that signs in and then goes on asking for Responses. It remembers what it was given: that is what must not be lost.</summary>
internal sealed partial class SignInClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _server;

    public SignInClient(Uri server)
    {
        _server = server;
        _http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }
        )
        {
            BaseAddress = server,
        };
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>SessionIndex and InResponseTo of every Response that arrived whole.</summary>
    public ConcurrentQueue<(string SessionIndex, string RequestId)> Given { get; } = [];

    /// <summary>Status and page of every answer that was no Response.</summary>
    public ConcurrentQueue<(int Status, string Page)> Failures { get; } = [];

    public async Task SignInAsync(string username, string password, CancellationToken ct)
    {
        var page = await _http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), ct);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["username"] = username,
                ["password"] = password,
                ["__token"] = Value(page, "__token"),
            }
        );
        using var answer = await _http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, ct);
        answer.StatusCode.ShouldBe(
            HttpStatusCode.SeeOther,
            await answer.Content.ReadAsStringAsync(ct)
        );
        // Of whom a second step is asked: not today.
        if (
            answer.Headers.Location is { } step
            && step.OriginalString.StartsWith("/sign-in?s=", StringComparison.Ordinal)
        )
            await PutOffAsync(step, ct);
    }

    private async Task PutOffAsync(Uri step, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["__token"] = await TokenAsync(step.OriginalString, ct),
            }
        );
        using var answer = await _http.PostAsync(
            new Uri($"{step.OriginalString}&handler=Later", UriKind.Relative),
            form,
            ct
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    /// <summary>The token of a page's forms.</summary>
    public async Task<string> TokenAsync(string path, CancellationToken ct) =>
        Value(await _http.GetStringAsync(new Uri(path, UriKind.Relative), ct), "__token");

    /// <summary>Whether the session still opens the portal.</summary>
    public async Task<bool> IsSignedInAsync(CancellationToken ct)
    {
        using var answer = await _http.GetAsync(new Uri("/", UriKind.Relative), ct);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Signs in to the application again and again, until the server is gone.</summary>
    public async Task GoOnAsync(string application, string spEntityId, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var (status, page) = await AskAsync(application, spEntityId, ct);
                status.ShouldBe(HttpStatusCode.OK, page);
            }
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed.
        }
    }

    /// <summary>Signs in to the application again and again, whatever is answered.</summary>
    public async Task KeepOnAsync(string application, string spEntityId, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var (status, page) = await AskAsync(application, spEntityId, ct);
                if (status != HttpStatusCode.OK)
                {
                    Failures.Enqueue(((int)status, page));
                    // A person does not press the key a thousand times a second.
                    await Task.Delay(50, ct);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    /// <summary>One sign-in; what it gave is remembered.</summary>
    private async Task<(HttpStatusCode Status, string Page)> AskAsync(
        string application,
        string spEntityId,
        CancellationToken ct
    )
    {
        var id = "_" + Guid.NewGuid().ToString("N");
        var address = $"/saml2/{application}?SAMLRequest={Request(id, application, spEntityId)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await _http.SendAsync(request, ct);
        var page = await answer.Content.ReadAsStringAsync(ct);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            var response = Encoding.UTF8.GetString(
                Convert.FromBase64String(Value(page, "SAMLResponse"))
            );
            Given.Enqueue((SessionIndex().Match(response).Groups["index"].Value, id));
        }
        return (answer.StatusCode, page);
    }

    public void Dispose() => _http.Dispose();

    private string Request(string id, string application, string spEntityId)
    {
        var now = DateTimeOffset.UtcNow.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture
        );
        var xml =
            $"""<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{id}" Version="2.0" IssueInstant="{now}" Destination="{new Uri(_server, $"/saml2/{application}")}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{spEntityId}</saml:Issuer></samlp:AuthnRequest>""";
        using var buffer = new MemoryStream();
        using (var deflate = new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes(xml));
        }
        return Uri.EscapeDataString(Convert.ToBase64String(buffer.ToArray()));
    }

    private static string Value(string page, string field)
    {
        var input = Inputs()
            .Matches(page)
            .Select(m => m.Value)
            .FirstOrDefault(i => i.Contains($"name=\"{field}\"", StringComparison.Ordinal));
        input.ShouldNotBeNull($"No field {field} in:\n{page}");
        return WebUtility.HtmlDecode(ValueAttribute().Match(input).Groups["value"].Value);
    }

    [GeneratedRegex("<input[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Inputs();

    [GeneratedRegex("value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ValueAttribute();

    [GeneratedRegex("SessionIndex=\"(?<index>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SessionIndex();
}
