using System.Collections.Concurrent;
using Latchkey.Testing;

namespace Latchkey.Bench.Http;

/// <summary>Sign-ins over HTTP on one engine, against what their cryptography alone would take.</summary>
internal sealed class HttpScenario
{
    public const string Text = """
        Whole sign-ins over HTTP on loopback, the server as a process of its own on each engine: with a session, a signed
        AuthnRequest by Redirect in, a page with a Response of two signatures out, event and session participant durable.
        Client and server share the machine's cores, so a rate and a p99 count both; the rows named cpu count the processor
        time of the server alone, and their ratio is the share of it that the cryptography is. The raw cryptography is
        measured on every core at once: that is what the cores can do at most. The server is warmed before, until a sign-in
        costs no less than it did.

        """;

    private readonly string _engine;
    private readonly RawCryptography _raw;
    private readonly BenchServer _server;
    private readonly TimeSpan _length;
    private readonly List<Row> _rows = [];

    private HttpScenario(Engine engine, RawCryptography raw, BenchServer server, TimeSpan length)
    {
        _engine = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        _raw = raw;
        _server = server;
        _length = length;
    }

    public static async Task<IReadOnlyList<Row>> RunAsync(
        Engine engine,
        RawCryptography raw,
        bool quick
    )
    {
        await using var server = await BenchServer.StartAsync(engine);
        var scenario = new HttpScenario(engine, raw, server, TimeSpan.FromSeconds(quick ? 3 : 10));
        await scenario.RunAsync();
        return scenario._rows;
    }

    private async Task RunAsync()
    {
        // The second start finds its database made and its people entered, as every later one does.
        var started = await _server.RestartAsync();
        Add("start-to-first-page", started.TotalMilliseconds, "ms");
        var cookie = await _server.SignInAsync(0);
        await WarmAsync(length => SignOnAsync(8, length, cookie));
        foreach (var connections in (int[])[1, 8, 32])
        {
            var load = await SignOnAsync(connections, _length, cookie);
            var best = Environment.ProcessorCount * 1e6 / (2 * _raw.SignMicroseconds);
            Add(
                $"sign-on-{connections}",
                load.Rate,
                "1/s",
                load.Rate / best,
                "two signatures on every core"
            );
            Add($"sign-on-{connections}-p99", load.P99 / 1000, "ms");
            // One connection leaves the cores idle most of the time: what it costs to wake them counts too.
            Add(
                $"sign-on-{connections}-cpu",
                load.Cpu,
                "µs",
                2 * _raw.SignMicroseconds / load.Cpu,
                "two signatures",
                atLeast: connections == 1 ? null : 0.8
            );
        }
        Add("resident", _server.ResidentMegabytes(), "MB");
        var forms = await FormsAsync();
        await WarmAsync(length => PasswordsAsync(forms, length));
        var signIns = await PasswordsAsync(forms, _length);
        Add(
            "password-sign-in",
            signIns.Rate,
            "1/s",
            signIns.Rate * _raw.HashMicroseconds / 1e6 / Environment.ProcessorCount,
            $"{RawCryptography.Hash} on every core"
        );
        Add(
            "password-sign-in-cpu",
            signIns.Cpu,
            "µs",
            _raw.HashMicroseconds / signIns.Cpu,
            RawCryptography.Hash,
            atLeast: 0.85
        );
    }

    private void Add(
        string name,
        double value,
        string unit,
        double? ratio = null,
        string? against = null,
        double? atLeast = null
    ) => _rows.Add(new($"{_engine}-{name}", value, unit, ratio, against) { AtLeast = atLeast });

    /// <summary>Signed requests by Redirect in, pages with a Response of two signatures out.</summary>
    private async Task<Load> SignOnAsync(int connections, TimeSpan length, string cookie)
    {
        // Made beforehand: the service providers' own signatures are no business of this machine's.
        var count = (int)(
            length.TotalSeconds * Environment.ProcessorCount * 1e6 / _raw.SignMicroseconds
        );
        var requests = new ConcurrentBag<byte[]>();
        Parallel.For(0, count, _ => requests.Add(_server.SignOnRequest(cookie)));
        return await _server.LoadAsync(
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

    /// <summary>
    /// Until a sign-in costs no less than before: a server runs for weeks, and by then what it does often has been compiled as well as it can
    /// be. That takes three to four hundred sign-ins of each kind, and of those with a password there are but a dozen a second: without this,
    /// a third of what they were said to cost was the compiler.
    /// </summary>
    private async Task WarmAsync(Func<TimeSpan, Task<Load>> run)
    {
        const int least = 500;
        var (length, longest) = (_length / 2, TimeSpan.FromSeconds(90));
        var best = double.PositiveInfinity;
        var (count, even) = (0, 0);
        for (var spent = TimeSpan.Zero; spent < longest && (count < least || even < 3); )
        {
            var load = await run(length);
            even = load.Cpu < 0.98 * best ? 0 : even + 1;
            best = Math.Min(best, load.Cpu);
            count += load.Count;
            spent += length;
        }
    }

    private async Task<byte[][]> FormsAsync()
    {
        var forms = new byte[BenchServer.Users][];
        for (var user = 0; user < forms.Length; user++)
            forms[user] = await _server.FormAsync(user);
        return forms;
    }

    private Task<Load> PasswordsAsync(byte[][] forms, TimeSpan length) =>
        _server.LoadAsync(
            forms.Length,
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
