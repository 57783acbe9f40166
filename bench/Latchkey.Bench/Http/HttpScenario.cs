using System.Collections.Concurrent;
using Latchkey.Bench.Core;
using Latchkey.Testing;

namespace Latchkey.Bench.Http;

/// <summary>Sign-ins over HTTP on one engine, against what their cryptography alone would take.</summary>
internal sealed class HttpScenario
{
    public const string Text = """
        Whole sign-ins over HTTP on loopback, the server as a process of its own on each engine: with a session, an
        AuthnRequest by Redirect in, a page with a Response of two signatures out, event and session participant durable.
        Client and server share the machine's cores, so a rate and a p99 count both; the rows named cpu count the processor
        time of the server alone, and their ratio is the share of it that the cryptography is. Few service providers sign
        their requests; the row named signed-request is of those that do. The row named plain-answer is what HTTP alone
        costs here: two letters from the same server, on as many connections. The raw cryptography is measured on every core at
        once, before and after each load: that is what the cores can do at most at that time. The server is warmed before,
        until a sign-in costs no less than it did.

        """;

    public const string TextWithoutIfma = """
        The same on a processor that has AVX-512 IFMA, with OpenSSL told to leave it alone, in the server as in the raw
        cryptography. So it is on the many processors that have none: an RSA signature takes about twice as long there, and
        nothing else does.

        """;

    private readonly string _engine;
    private readonly BenchServer _server;
    private readonly int _rounds;
    private readonly TimeSpan _length;
    private readonly List<Row> _rows = [];

    private HttpScenario(Engine engine, BenchServer server, bool quick)
    {
        _engine = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        _server = server;
        (_rounds, _length) = quick ? (3, TimeSpan.FromSeconds(2)) : (7, TimeSpan.FromSeconds(4));
    }

    /// <summary>The raw cryptography alone, as it is before anything else was measured.</summary>
    public static IEnumerable<Row> Raw() =>
        RawCryptography.All.Select(operation => new Row(operation.Name, operation.Measure(), "µs"));

    public static async Task<IReadOnlyList<Row>> RunAsync(Engine engine, bool quick)
    {
        await using var server = await BenchServer.StartAsync(engine);
        var scenario = new HttpScenario(engine, server, quick);
        await scenario.RunAsync();
        return scenario._rows;
    }

    private async Task RunAsync()
    {
        // The second start finds its database made and its people entered, as every later one does.
        var started = await _server.RestartAsync();
        Add("start-to-first-page", started.TotalMilliseconds, "ms");
        var cookie = await _server.SignInAsync(1);
        await SignOnsAsync(cookie);
        await PlainAnswersAsync();
        Add("resident", _server.ResidentMegabytes(), "MB");
        await PasswordsAsync();
    }

    private async Task SignOnsAsync(string cookie)
    {
        await WarmAsync(length => SignOnAsync(8, length, cookie, signed: true));
        await WarmAsync(length => SignOnAsync(32, length, cookie, signed: false));
        foreach (var connections in (int[])[1, 8, 32, 128])
        {
            var loads = await new ComparedLoads((RawCryptography.Sign, 2)).MeasureAsync(
                _rounds,
                () => SignOnAsync(connections, _length, cookie, signed: false)
            );
            // A few connections leave the cores idle part of the time: what it costs to wake them counts there too.
            Add(loads.Rows($"{_engine}-sign-on-{connections}", connections < 32 ? null : 0.8));
        }
        var signed = await new ComparedLoads(
            (RawCryptography.Sign, 2),
            (RawCryptography.Verify, 1)
        ).MeasureAsync(_rounds, () => SignOnAsync(32, _length, cookie, signed: true));
        Add(signed.Rows($"{_engine}-sign-on-signed-request-32", 0.8));
    }

    private async Task PlainAnswersAsync()
    {
        var request = _server.Get("/healthz/live", "none=");
        Task<Load> RunAsync(TimeSpan length) =>
            _server.LoadAsync(
                32,
                length,
                async (connection, _) =>
                    (await connection.SendAsync(request)).EndsWith("ok\n", StringComparison.Ordinal)
                        ? true
                        : throw new InvalidOperationException("The server is not alive.")
            );
        await WarmAsync(RunAsync);
        var costs = new List<double>();
        for (var round = 0; round < _rounds; round++)
            costs.Add((await RunAsync(_length)).Cpu);
        Add("plain-answer-32-cpu", Rounds.Median(costs), "µs");
    }

    private async Task PasswordsAsync()
    {
        // All but the administrator, who is asked for a second step.
        var forms = new byte[BenchServer.Users - 1][];
        for (var user = 0; user < forms.Length; user++)
            forms[user] = await _server.FormAsync(user + 1);
        await WarmAsync(length => PasswordsAsync(forms, length));
        var signIns = await new ComparedLoads((RawCryptography.Hash, 1)).MeasureAsync(
            _rounds,
            () => PasswordsAsync(forms, _length)
        );
        Add(signIns.Rows($"{_engine}-password-sign-in", 0.85));
    }

    private void Add(string name, double value, string unit) =>
        _rows.Add(new($"{_engine}-{name}", value, unit));

    private void Add(IEnumerable<Row> rows) => _rows.AddRange(rows);

    /// <summary>Requests by Redirect in, pages with a Response of two signatures out.</summary>
    private async Task<Load> SignOnAsync(
        int connections,
        TimeSpan length,
        string cookie,
        bool signed
    )
    {
        // Made beforehand: the service providers' own signatures are no business of this machine's.
        const int mostPerCore = 2000;
        var count = (int)(length.TotalSeconds * Environment.ProcessorCount * mostPerCore);
        var requests = new ConcurrentBag<byte[]>();
        Parallel.For(0, count, _ => requests.Add(_server.SignOnRequest(cookie, signed)));
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
        var (length, longest) = (_length, TimeSpan.FromSeconds(90));
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
