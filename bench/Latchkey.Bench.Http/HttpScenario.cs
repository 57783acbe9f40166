using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Testing;

namespace Latchkey.Bench.Http;

/// <summary>Sign-ins over HTTP on one engine.</summary>
internal sealed partial class HttpScenario : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private const int Users = 8;

    private readonly Engine _engine;
    private readonly RawCryptography _raw;
    private readonly ServerProcess _server;
    private readonly SigningKey _key;
    private readonly TimeSpan _started;

    private HttpScenario(
        Engine engine,
        RawCryptography raw,
        ServerProcess server,
        SigningKey key,
        TimeSpan started
    )
    {
        _engine = engine;
        _raw = raw;
        _server = server;
        _key = key;
        _started = started;
    }

    private string Prefix => _engine == Engine.Sqlite ? "sqlite" : "postgresql";

    public static async Task<HttpScenario> StartAsync(Engine engine, RawCryptography raw)
    {
        var now = DateTimeOffset.UtcNow;
        var key = SigningKey.Create("Bench", now.AddDays(-1), now.AddYears(1));
        var server = await ServerProcess.StartAsync(
            new()
            {
                Engine = engine,
                Bootstrap = Bootstrap(Convert.ToBase64String(key.Certificate.RawData)),
            }
        );
        // The second start finds its database made and its people entered, as every later one does.
        await server.StopAsync();
        var clock = Stopwatch.GetTimestamp();
        await server.StartAgainAsync();
        using var answer = await server.Client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        return new(engine, raw, server, key, Stopwatch.GetElapsedTime(clock));
    }

    public async Task<IReadOnlyList<Row>> RunAsync(TimeSpan length)
    {
        var rows = new List<Row>
        {
            new($"{Prefix}-start-to-first-page", _started.TotalMilliseconds, "ms"),
        };
        var cookie = await SignInAsync(0);
        await SignOnAsync(8, TimeSpan.FromSeconds(3), cookie);
        foreach (var connections in (int[])[1, 8, 32])
        {
            var (rate, cpu) = await SignOnAsync(connections, length, cookie);
            var best = Environment.ProcessorCount * 1e6 / (2 * _raw.SignMicroseconds);
            var name = $"{Prefix}-sign-on-{connections}";
            rows.Add(new(name, rate, "1/s", rate / best, "two signatures on every core"));
            rows.Add(
                new(name + "-cpu", cpu, "µs", 2 * _raw.SignMicroseconds / cpu, "two signatures")
            );
        }
        rows.Add(new($"{Prefix}-resident", ResidentMegabytes(), "MB"));
        var (signIns, signInCpu) = await PasswordsAsync(length);
        rows.Add(
            new(
                $"{Prefix}-password-sign-in",
                signIns,
                "1/s",
                signIns * _raw.HashMicroseconds / 1e6 / Environment.ProcessorCount,
                $"{RawCryptography.Hash} on every core"
            )
        );
        rows.Add(
            new(
                $"{Prefix}-password-sign-in-cpu",
                signInCpu,
                "µs",
                _raw.HashMicroseconds / signInCpu,
                RawCryptography.Hash
            )
        );
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    /// <summary>Signed requests by Redirect in, pages with a Response of two signatures out.</summary>
    private async Task<(double Rate, double Cpu)> SignOnAsync(
        int connections,
        TimeSpan length,
        string cookie
    )
    {
        // Made beforehand: the service providers' own signatures are no business of this machine's.
        var count = (int)(
            length.TotalSeconds * Environment.ProcessorCount * 1e6 / _raw.SignMicroseconds
        );
        var requests = new ConcurrentBag<byte[]>();
        Parallel.For(0, count, _ => requests.Add(Request(cookie)));
        return await LoadAsync(
            connections,
            length,
            async (connection, _) =>
            {
                if (!requests.TryTake(out var request))
                    return false;
                var answer = await connection.SendAsync(request);
                return answer.Contains("name=\"SAMLResponse\"", StringComparison.Ordinal)
                    ? true
                    : throw new InvalidOperationException(answer);
            }
        );
    }

    private async Task<(double Rate, double Cpu)> PasswordsAsync(TimeSpan length)
    {
        var forms = new byte[Users][];
        for (var user = 0; user < Users; user++)
            forms[user] = await FormAsync(user);
        return await LoadAsync(
            Users,
            length,
            async (connection, user) =>
            {
                var answer = await connection.SendAsync(forms[user]);
                return answer.StartsWith("HTTP/1.1 303", StringComparison.Ordinal)
                    ? true
                    : throw new InvalidOperationException(answer);
            }
        );
    }

    private async Task<(double Rate, double Cpu)> LoadAsync(
        int connections,
        TimeSpan length,
        Func<Connection, int, Task<bool>> once
    )
    {
        var done = 0;
        var cpu = ServerCpu();
        var clock = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(async number =>
                {
                    using var connection = await Connection.OpenAsync(_server.Address);
                    while (
                        Stopwatch.GetElapsedTime(clock) < length && await once(connection, number)
                    )
                        Interlocked.Increment(ref done);
                })
        );
        var elapsed = Stopwatch.GetElapsedTime(clock);
        return (done / elapsed.TotalSeconds, (ServerCpu() - cpu).TotalMicroseconds / done);
    }

    private byte[] Request(string cookie)
    {
        var address = _server.At("/saml2/wiki");
        var url = AuthnRequestWriter.ToRedirectUrl(
            new()
            {
                Id = IdSource.Random.Next(),
                IssueInstant = DateTimeOffset.UtcNow,
                Issuer = "https://wiki.example.test/saml",
                Destination = address,
            },
            address,
            "state",
            _key
        );
        return Encoding.ASCII.GetBytes(
            $"GET {new Uri(url).PathAndQuery} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nCookie: {cookie}\r\n\r\n"
        );
    }

    private async Task<string> SignInAsync(int user)
    {
        using var connection = await Connection.OpenAsync(_server.Address);
        var answer = await connection.SendAsync(await FormAsync(user));
        return SessionCookie().Match(answer).Groups["cookie"].Value;
    }

    /// <summary>The sign-in form as a browser sends it. Its token serves again: nobody is signed in here.</summary>
    private async Task<byte[]> FormAsync(int user)
    {
        using var page = await _server.Client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        var html = await page.Content.ReadAsStringAsync();
        var token = WebUtility.HtmlDecode(Token().Match(html).Groups["token"].Value);
        var cookie = string.Join(
            "; ",
            page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])
        );
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $"username=user{user}&password={Uri.EscapeDataString(Password)}&__token={Uri.EscapeDataString(token)}"
        );
        return Encoding.ASCII.GetBytes(
            $"POST /sign-in HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
    }

    private TimeSpan ServerCpu()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.TotalProcessorTime;
    }

    private double ResidentMegabytes()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.WorkingSet64 / 1e6;
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
                    require_signed_requests: true
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
        "Set-Cookie: (?<cookie>latchkey=[^;]+)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex SessionCookie();
}
