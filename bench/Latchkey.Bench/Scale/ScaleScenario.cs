using System.Collections.Concurrent;
using Latchkey.Bench.Http;
using Latchkey.Testing;

namespace Latchkey.Bench.Scale;

/// <summary>The same work with a handful of people in the directory and with very many: what grows, grows with the answer and not with the directory.</summary>
internal static class ScaleScenario
{
    public const string Text = """
        The same work on one connection, with ten users in the directory and with a hundred thousand.

        """;

    private static readonly (string Name, string Path)[] s_pages =
    [
        ("portal", "/"),
        ("users-page", "/admin/users"),
        ("users-search", "/admin/users?q=user3"),
        ("groups-page", "/admin/groups"),
        ("events-page", "/admin/events"),
    ];

    public static async Task<IReadOnlyList<Row>> RunAsync(Engine engine, bool quick)
    {
        var (users, groups) = quick ? (10_000, 100) : (100_000, 1_000);
        var length = TimeSpan.FromSeconds(quick ? 2 : 5);
        var prefix = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        await using var server = await BenchServer.StartAsync(engine);
        var cookie = await server.SignInAsync(0);
        // Once unmeasured, so that compilation counts on neither side.
        await MeasureAsync(server, cookie, length);
        var few = await MeasureAsync(server, cookie, length);
        await Crowd.AddAsync(engine, server.Storage, users, groups);
        var many = await MeasureAsync(server, cookie, length);

        var rows = new List<Row>();
        foreach (var (name, before) in few)
        {
            rows.Add(new($"{prefix}-{name}-few-users", before, "µs"));
            rows.Add(
                new(
                    $"{prefix}-{name}-{users}-users",
                    many[name],
                    "µs",
                    many[name] / before,
                    $"{prefix}-{name}-few-users"
                )
            );
        }
        return rows;
    }

    // Microseconds for one answer on one connection: the time a person waits.
    private static async Task<Dictionary<string, double>> MeasureAsync(
        BenchServer server,
        string cookie,
        TimeSpan length
    )
    {
        var times = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["sign-on"] = await SignOnAsync(server, cookie, length),
        };
        foreach (var (name, path) in s_pages)
        {
            var request = server.Get(path, cookie);
            var (rate, _) = await server.LoadAsync(
                1,
                length,
                async (connection, _) =>
                {
                    var answer = await connection.SendAsync(request);
                    return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
                        ? true
                        : throw new InvalidOperationException(answer);
                }
            );
            times[name] = 1e6 / rate;
        }
        return times;
    }

    private static async Task<double> SignOnAsync(
        BenchServer server,
        string cookie,
        TimeSpan length
    )
    {
        var requests = new ConcurrentBag<byte[]>();
        Parallel.For(
            0,
            (int)(length.TotalSeconds * 1000),
            _ => requests.Add(server.SignOnRequest(cookie))
        );
        var (rate, _) = await server.LoadAsync(
            1,
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
        return 1e6 / rate;
    }
}
