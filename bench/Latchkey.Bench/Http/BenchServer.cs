using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Testing;

namespace Latchkey.Bench.Http;

/// <summary>A server with one application and a few people, and what is sent to it.</summary>
internal sealed partial class BenchServer : IAsyncDisposable
{
    /// <summary>How many people it starts with; their names are user0, user1 and so on. The first is the administrator.</summary>
    public const int Users = 9;

    /// <summary>Everybody's.</summary>
    public const string Password = "correct horse battery";

    private readonly ServerProcess _server;
    private readonly SigningKey _key;

    private BenchServer(ServerProcess server, SigningKey key)
    {
        _server = server;
        _key = key;
    }

    /// <summary>An Npgsql connection string or a SQLite file path.</summary>
    public string Storage => _server.Storage;

    public static async Task<BenchServer> StartAsync(Engine engine)
    {
        var now = DateTimeOffset.UtcNow;
        var key = SigningKey.Create("Bench", now.AddDays(-1), now.AddYears(1));
        var server = await ServerProcess.StartAsync(
            new()
            {
                Engine = engine,
                Bootstrap = Bootstrap(Convert.ToBase64String(key.Certificate.RawData)),
                // As it is where it runs for long.
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["DOTNET_TieredPGO"] = "1",
                },
            }
        );
        return new(server, key);
    }

    /// <summary>Ends it and starts it again on the same database.</summary>
    /// <returns>The time from the start to the first page answered.</returns>
    public async Task<TimeSpan> RestartAsync()
    {
        await _server.StopAsync();
        var clock = Stopwatch.GetTimestamp();
        await _server.StartAgainAsync();
        using var answer = await _server.Client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    /// <summary>A plain request by somebody who is signed in.</summary>
    public byte[] Get(string path, string cookie) =>
        Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nCookie: {cookie}\r\n\r\n"
        );

    /// <summary>The page of the application that it started with.</summary>
    public async Task<string> ApplicationPageAsync(string cookie)
    {
        using var connection = await Connection.OpenAsync(_server.Address);
        var list = await connection.SendAsync(Get("/admin/applications?q=wiki", cookie));
        return ApplicationLink().Match(list).Groups["path"].Value;
    }

    /// <summary>Keeps connections busy for a while.</summary>
    /// <param name="connections">How many, each with one request at a time.</param>
    /// <param name="length">For how long.</param>
    /// <param name="once">One request and its answer; false when there is nothing left to ask.</param>
    public async Task<Load> LoadAsync(
        int connections,
        TimeSpan length,
        Func<Connection, int, Task<bool>> once
    )
    {
        var cpu = ServerCpu();
        var clock = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(async number =>
                {
                    var own = new List<double>();
                    using var connection = await Connection.OpenAsync(_server.Address);
                    while (Stopwatch.GetElapsedTime(clock) < length)
                    {
                        var sent = Stopwatch.GetTimestamp();
                        if (!await once(connection, number))
                            break;
                        own.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                    }
                    return own;
                })
        );
        var elapsed = Stopwatch.GetElapsedTime(clock);
        return Load.Of([.. waits.SelectMany(own => own)], elapsed, ServerCpu() - cpu);
    }

    /// <summary>An AuthnRequest by Redirect, never sent before.</summary>
    public byte[] SignOnRequest(string cookie, bool signed = true)
    {
        var address = _server.At("/saml2/wiki");
        var url = MessageWriter.ToRedirectUrl(
            new AuthnRequest
            {
                Id = IdSource.Random.Next(),
                IssueInstant = DateTimeOffset.UtcNow,
                Issuer = "https://wiki.example.test/saml",
                Destination = address,
            },
            address,
            "state",
            signed ? _key : null
        );
        return Get(new Uri(url).PathAndQuery, cookie);
    }

    /// <summary>Signs somebody in. Of the administrator a second step is asked, which is put off.</summary>
    /// <returns>The session's cookie.</returns>
    public async Task<string> SignInAsync(int user)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }
        )
        {
            BaseAddress = _server.Address,
        };
        var next = await SubmitAsync(
            browser,
            "/sign-in",
            "/sign-in",
            [new("username", Name(user)), new("password", Password)]
        );
        if (next.StartsWith("/sign-in?s=", StringComparison.Ordinal))
            await SubmitAsync(browser, next, $"{next}&handler=Later", []);
        return cookies.GetCookies(_server.Address)["latchkey"] is { } session
            ? $"{session.Name}={session.Value}"
            : throw new InvalidOperationException($"{Name(user)} was not signed in.");
    }

    /// <summary>Sends a form of a page with its token.</summary>
    /// <returns>Where the answer leads.</returns>
    private static async Task<string> SubmitAsync(
        HttpClient browser,
        string page,
        string action,
        IEnumerable<KeyValuePair<string, string>> fields
    )
    {
        var html = await browser.GetStringAsync(new Uri(page, UriKind.Relative));
        var token = WebUtility.HtmlDecode(Token().Match(html).Groups["token"].Value);
        using var form = new FormUrlEncodedContent(fields.Append(new("__token", token)));
        using var answer = await browser.PostAsync(new Uri(action, UriKind.Relative), form);
        return answer.Headers.Location?.ToString()
            ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The sign-in form of one of those it starts with.</summary>
    public async Task<byte[]> FormAsync(int user) => (await OpenFormAsync()).Filled(Name(user));

    private static string Name(int user) =>
        string.Create(CultureInfo.InvariantCulture, $"user{user}");

    /// <summary>The sign-in page's form. Its token serves again: nobody is signed in here.</summary>
    public async Task<OpenForm> OpenFormAsync()
    {
        using var page = await _server.Client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        var html = await page.Content.ReadAsStringAsync();
        return new(
            _server.Address.Authority,
            string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])),
            WebUtility.HtmlDecode(Token().Match(html).Groups["token"].Value)
        );
    }

    /// <summary>A page as somebody sees it who is signed in.</summary>
    public async Task<string> PageAsync(string path, string cookie) =>
        (await OpenAsync(path, cookie)).Html;

    /// <summary>Sends a page's form.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="page">The page that the form stands on.</param>
    /// <param name="cookie">Who.</param>
    /// <param name="content">What, with the form's token.</param>
    /// <returns>Where the answer leads.</returns>
    public async Task<string> PostAsync(
        string path,
        string page,
        string cookie,
        Func<string, HttpContent> content
    )
    {
        var (html, cookies) = await OpenAsync(page, cookie);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Cookie", cookies);
        request.Content = content(WebUtility.HtmlDecode(Token().Match(html).Groups["token"].Value));
        using var answer = await _server.Client.SendAsync(request);
        return answer.Headers.Location?.ToString()
            ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private async Task<(string Html, string Cookies)> OpenAsync(string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await _server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var set = answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [];
        return (
            await answer.Content.ReadAsStringAsync(),
            string.Join("; ", set.Select(c => c.Split(';')[0]).Prepend(cookie))
        );
    }

    /// <summary>The largest resident memory since its start, as Linux counts it.</summary>
    public double PeakMegabytes() =>
        1024
        * double.Parse(
            File.ReadLines($"/proc/{_server.ProcessId}/status")
                .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        )
        / 1e6;

    public double ResidentMegabytes()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.WorkingSet64 / 1e6;
    }

    private TimeSpan ServerCpu()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.TotalProcessorTime;
    }

    private static string Bootstrap(string certificate)
    {
        var yaml = new StringBuilder("users:\n");
        for (var user = 0; user < Users; user++)
        {
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"  - {{ username: user{user}, email: user{user}@example.test, firstname: Ada, lastname: Lovelace, password: \"{Password}\" }}\n"
            );
        }
        return yaml.Append(
                CultureInfo.InvariantCulture,
                $$"""
                administrators: [user0]
                groups:
                  - name: Everybody
                    members: [{{string.Join(
                    ", ",
                    Enumerable.Range(0, Users).Select(u => $"user{u}")
                )}}]
                applications:
                  - slug: wiki
                    label: Wiki
                    sp_entity_id: https://wiki.example.test/saml
                    acs_urls: [https://wiki.example.test/acs]
                    sp_signing_certificates: ["{{certificate}}"]
                    sign: assertion_and_response
                    name_id: { source: email, format: emailAddress }
                    attributes:
                      - { name: email, source: email }
                      - { name: firstname, source: firstname }
                      - { name: lastname, source: lastname }
                      - { name: groups, source: groups }
                    groups: [Everybody]
                    active: true

                """
            )
            .ToString();
    }

    [GeneratedRegex(
        "name=\"__token\"[^>]*value=\"(?<token>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        "href=\"(?<path>/admin/applications/[0-9a-f-]{36})\" id=\"application-wiki\"",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ApplicationLink();
}

/// <summary>A sign-in form that waits to be filled in; everybody has the same password.</summary>
internal sealed record OpenForm(string Authority, string Cookie, string Token)
{
    /// <summary>As a browser sends it.</summary>
    public byte[] Filled(string username)
    {
        var body =
            $"username={username}&password={Uri.EscapeDataString(BenchServer.Password)}&__token={Uri.EscapeDataString(Token)}";
        return Encoding.ASCII.GetBytes(
            $"POST /sign-in HTTP/1.1\r\nHost: {Authority}\r\nCookie: {Cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
    }
}
