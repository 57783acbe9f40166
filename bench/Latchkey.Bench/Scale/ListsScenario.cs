using Latchkey.Bench.Http;
using Latchkey.Testing;

namespace Latchkey.Bench.Scale;

/// <summary>The pages with lists, with a hundred of everything and with very many: what a page shows is the same number of rows.</summary>
internal static class ListsScenario
{
    public const string Text = """
        Pages with lists on one connection: with a hundred applications, groups and people each, and with a thousand
        applications, ten thousand groups and a hundred thousand people. Each value is the median of rounds that alternate
        between the two servers.

        """;

    /// <summary>How much longer a page may take with very many.</summary>
    private const double Most = 1.3;

    /// <summary>Stands for the page of the application that is there from the start.</summary>
    private const string ThePage = "";

    private static readonly (string Name, string Path)[] s_pages =
    [
        ("applications", "/admin/applications"),
        ("applications-page-2", "/admin/applications?p=2"),
        ("groups", "/admin/groups"),
        ("groups-page-2", "/admin/groups?p=2"),
        ("users", "/admin/users"),
        ("users-page-2", "/admin/users?p=2"),
        ("application", ThePage),
        ("portal", "/"),
    ];

    // One who is in both crowds, a word that everybody is found by, and one that nobody is.
    private static readonly (string Name, string Path)[] s_searches =
    [
        .. new[] { "applications", "groups", "users" }.SelectMany(list =>
            new[]
            {
                ($"{list}-search-one", $"/admin/{list}?q={CrowdNames.Searched(list == "users")}"),
                ($"{list}-search-all", $"/admin/{list}?q=crowd"),
                ($"{list}-search-none", $"/admin/{list}?q=nobodyatall"),
            }
        ),
    ];

    // Told without a limit. What indices of parts of words find hard: parts that everybody shares, and parts that are too short for them. And the overview, which counts applications.
    private static readonly (string Name, string Path)[] s_hard =
    [
        ("users-search-number", "/admin/users?q=crowd77@"),
        ("users-search-letters", "/admin/users?q=7x"),
        ("overview", "/admin"),
    ];

    public static async Task<IReadOnlyList<Row>> RunAsync(Engine engine, bool quick)
    {
        var (rounds, length) = quick
            ? (3, TimeSpan.FromMilliseconds(500))
            : (9, TimeSpan.FromMilliseconds(600));
        var prefix = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        await using var few = await BenchServer.StartAsync(engine);
        await using var many = await BenchServer.StartAsync(engine);
        await Crowd.AddAsync(engine, few.Storage, new(100, 100, 10, 100));
        await Crowd.AddAsync(engine, many.Storage, new(100_000, 10_000, 10, 1_000));
        var (fewCookie, manyCookie) = (await few.SignInAsync(0), await many.SignInAsync(0));
        var rows = new List<Row>();
        foreach (var (name, path) in s_pages.Concat(s_searches).Concat(s_hard))
        {
            // Once unmeasured, so that compilation counts on neither side.
            await MeasureAsync(few, fewCookie, path, length);
            await MeasureAsync(many, manyCookie, path, length);
            var (before, after) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                before.Add(await MeasureAsync(few, fewCookie, path, length));
                after.Add(await MeasureAsync(many, manyCookie, path, length));
            }
            var reference = $"{prefix}-{name}-few";
            rows.Add(new(reference, Median(before), "µs"));
            rows.Add(
                new(
                    $"{prefix}-{name}-many",
                    Median(after),
                    "µs",
                    Median(after) / Median(before),
                    reference
                )
                {
                    AtMost = s_hard.Contains((name, path)) ? null : Most,
                }
            );
        }
        return rows;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // Microseconds for one answer on one connection: the time a person waits.
    private static async Task<double> MeasureAsync(
        BenchServer server,
        string cookie,
        string path,
        TimeSpan length
    )
    {
        var request = server.Get(
            path == ThePage ? await server.ApplicationPageAsync(cookie) : path,
            cookie
        );
        var load = await server.LoadAsync(
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
        return load.Median;
    }
}
