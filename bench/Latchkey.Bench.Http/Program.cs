using Latchkey.Bench.Http;
using Latchkey.Testing;

// Latchkey.Bench.Http [--quick] [--json FILE]; bench/run.sh is the way in.
bool quick = args.Contains("--quick", StringComparer.Ordinal);
int json = Array.IndexOf(args, "--json");
var rows = new List<Row>();
var raw = RawCryptography.Measure(quick ? 200 : 1000);
rows.AddRange(raw.Rows);
foreach (var engine in (Engine[])[Engine.Sqlite, Engine.PostgreSql])
{
    await using var scenario = await HttpScenario.StartAsync(engine, raw);
    rows.AddRange(await scenario.RunAsync(TimeSpan.FromSeconds(quick ? 3 : 10)));
}
Report.Print(rows);
if (json >= 0)
    Report.WriteJson(args[json + 1], "http", rows);
