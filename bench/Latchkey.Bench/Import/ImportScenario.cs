using System.Diagnostics;
using System.Globalization;
using System.Text;
using Latchkey.Bench.Http;
using Latchkey.Testing;

namespace Latchkey.Bench.Import;

/// <summary>Files of users through the page, as an administrator sends them: how fast, and how much memory the larger one needs beyond the smaller.</summary>
internal static class ImportScenario
{
    public const string Text = """
        A file of users without passwords through the import page of a server of its own: the check, then the import of
        every row. Peaks are the largest resident memory of the server process since its start; the growth is what ten
        times as many rows added to it.

        """;

    public static async Task<IReadOnlyList<Row>> RunAsync(Engine engine, bool quick)
    {
        var many = quick ? 10_000 : 100_000;
        var few = many / 10;
        var prefix = engine == Engine.Sqlite ? "sqlite" : "postgresql";
        await using var server = await BenchServer.StartAsync(engine);
        var cookie = await server.SignInAsync(0);

        // Once unmeasured, so that compilation counts on neither side.
        await RunAsync(server, cookie, "first", 1000);
        await RunAsync(server, cookie, "few", few);
        var before = server.PeakMegabytes();
        var (check, import) = await RunAsync(server, cookie, "many", many);
        var after = server.PeakMegabytes();
        return
        [
            new($"{prefix}-import-{many}-check", many / check.TotalSeconds, "rows/s"),
            new($"{prefix}-import-{many}", many / import.TotalSeconds, "rows/s"),
            new($"{prefix}-import-{few}-peak", before, "MB"),
            new($"{prefix}-import-{many}-peak", after, "MB"),
            new($"{prefix}-import-peak-growth", after - before, "MB") { AtMost = 100 },
        ];
    }

    private static async Task<(TimeSpan Check, TimeSpan Import)> RunAsync(
        BenchServer server,
        string cookie,
        string prefix,
        int rows
    )
    {
        var clock = Stopwatch.GetTimestamp();
        var address = await UploadAsync(server, cookie, prefix, rows);
        await UntilAsync(server, cookie, address, "id=\"import\"");
        var check = Stopwatch.GetElapsedTime(clock);

        clock = Stopwatch.GetTimestamp();
        await server.PostAsync(
            address + "?handler=Import",
            address,
            cookie,
            token => new FormUrlEncodedContent([new("__token", token)])
        );
        var page = await UntilAsync(server, cookie, address, "id=\"to-users\"");
        if (!page.Contains($"<dd>{rows}</dd>", StringComparison.Ordinal))
            throw new InvalidOperationException("Not every row came in:\n" + page);
        return (check, Stopwatch.GetElapsedTime(clock));
    }

    private static Task<string> UploadAsync(
        BenchServer server,
        string cookie,
        string prefix,
        int rows
    )
    {
        var file = new StringBuilder("FirstName,LastName,Username,Email,Department\n");
        for (var row = 0; row < rows; row++)
            file.Append(
                CultureInfo.InvariantCulture,
                $"Ada,Lovelace,{prefix}-{row},{prefix}-{row}@example.test,Department {row % 40}\n"
            );
        return server.PostAsync(
            "/admin/users/import",
            "/admin/users/import",
            cookie,
            token => new MultipartFormDataContent
            {
                { new StringContent(token), "__token" },
                {
                    new ByteArrayContent(Encoding.UTF8.GetBytes(file.ToString())),
                    "file",
                    "users.csv"
                },
            }
        );
    }

    private static async Task<string> UntilAsync(
        BenchServer server,
        string cookie,
        string address,
        string mark
    )
    {
        while (true)
        {
            var page = await server.PageAsync(address, cookie);
            if (page.Contains(mark, StringComparison.Ordinal))
                return page;
            if (!page.Contains("id=\"reload\"", StringComparison.Ordinal))
                throw new InvalidOperationException("The import does not go on:\n" + page);
            await Task.Delay(200);
        }
    }
}
