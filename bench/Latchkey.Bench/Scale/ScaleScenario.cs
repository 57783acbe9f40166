using System.Globalization;
using Latchkey.Bench.Http;
using Latchkey.Testing;

namespace Latchkey.Bench.Scale;

/// <summary>What a sign-in costs with a small directory and with a very large one: what grows, grows with the answer and not with the directory.</summary>
internal static class ScaleScenario
{
    public const string Text = """
        What a sign-in takes on one connection, as its client sees it: with a thousand people, and with a million people
        and ten thousand groups. Each person has fifty memberships in both, and those who sign in are picked from all over
        the directory. Each value is the median of rounds that alternate between the two servers.

        """;

    /// <summary>How much more a sign-in may take in the large directory.</summary>
    private const double Most = 1.2;

    /// <summary>How many people take turns.</summary>
    private const int SignedIn = 200;

    public static async Task<IReadOnlyList<Row>> RunAsync(Engine engine, bool quick)
    {
        var (users, groups) = quick ? (20_000, 1_000) : (1_000_000, 10_000);
        var rounds = quick ? 3 : 9;
        var length = TimeSpan.FromSeconds(quick ? 1 : 3);
        await using var few = await BenchServer.StartAsync(engine);
        await using var many = await BenchServer.StartAsync(engine);
        var servers = new[] { few, many };
        await Crowd.AddAsync(engine, few.Storage, new(1_000, 100, 50));
        await Crowd.AddAsync(engine, many.Storage, new(users, groups, 50));
        var sessions = new[]
        {
            await SignedInCrowd.AddAsync(engine, few.Storage, 1_000, SignedIn),
            await SignedInCrowd.AddAsync(engine, many.Storage, users, SignedIn),
        };

        var prefix = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        var signOns = await CompareAsync(
            rounds,
            server => SignOnAsync(servers[server], sessions[server], length)
        );
        var passwords = await CompareAsync(
            rounds,
            server => PasswordAsync(servers[server], sessions[server], length)
        );
        return
        [
            .. Rows($"{prefix}-sign-on", users, signOns),
            .. Rows($"{prefix}-password-sign-in", users, passwords),
        ];
    }

    private static IEnumerable<Row> Rows(string name, int users, (double Few, double Many) times)
    {
        var reference = $"{name}-1000-users";
        yield return new(reference, times.Few, "µs");
        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"{name}-{users}-users"),
            times.Many,
            "µs",
            times.Many / times.Few,
            reference
        )
        {
            AtMost = Most,
        };
    }

    private static async Task<(double Few, double Many)> CompareAsync(
        int rounds,
        Func<int, Task<double>> measure
    )
    {
        // Once unmeasured, so that compilation counts on neither side.
        await measure(0);
        await measure(1);
        var (few, many) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            few.Add(await measure(0));
            many.Add(await measure(1));
        }
        return (Median(few), Median(many));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>With a session: one after the other, each of somebody else.</summary>
    private static async Task<double> SignOnAsync(
        BenchServer server,
        IReadOnlyList<CrowdSession> sessions,
        TimeSpan length
    )
    {
        var requests = new byte[(int)(length.TotalSeconds * 1_000)][];
        Parallel.For(
            0,
            requests.Length,
            i => requests[i] = server.SignOnRequest(sessions[i % sessions.Count].Cookie)
        );
        var next = 0;
        var load = await server.LoadAsync(
            1,
            length,
            async (connection, _) =>
            {
                if (next == requests.Length)
                    return false;
                var answer = await connection.SendAsync(requests[next++]);
                return answer.Contains("name=\"SAMLResponse\"", StringComparison.Ordinal)
                    ? true
                    : throw new InvalidOperationException(answer);
            }
        );
        return load.Median;
    }

    /// <summary>By password: one after the other, each of somebody else.</summary>
    private static async Task<double> PasswordAsync(
        BenchServer server,
        IReadOnlyList<CrowdSession> sessions,
        TimeSpan length
    )
    {
        var form = await server.OpenFormAsync();
        var next = Random.Shared.Next(sessions.Count);
        var load = await server.LoadAsync(
            1,
            length,
            async (connection, _) =>
            {
                var somebody = sessions[next++ % sessions.Count].Username;
                var answer = await connection.SendAsync(form.Filled(somebody));
                return answer.StartsWith("HTTP/1.1 303", StringComparison.Ordinal)
                    ? true
                    : throw new InvalidOperationException(answer);
            }
        );
        return load.Median;
    }
}
