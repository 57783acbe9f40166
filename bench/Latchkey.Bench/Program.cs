using Latchkey.Bench;
using Latchkey.Bench.Core;
using Latchkey.Bench.Http;
using Latchkey.Bench.Import;
using Latchkey.Bench.Scale;
using Latchkey.Testing;

// Latchkey.Bench SCENARIO [--quick] [--json FILE], or Latchkey.Bench report FOLDER; bench/run.sh and bench/record.sh are
// the ways in.
bool quick = args.Contains("--quick", StringComparer.Ordinal);
int json = Array.IndexOf(args, "--json");
string scenario = args.Length == 0 ? "" : args[0];
List<Row> rows = [];
switch (scenario)
{
    case "core":
        rows.AddRange(CoreScenario.Run(rounds: quick ? 15 : 101));
        break;
    case "http":
        RawCryptography raw = RawCryptography.Measure(quick ? 200 : 1000);
        rows.AddRange(raw.Rows);
        foreach (Engine engine in (Engine[])[Engine.Sqlite, Engine.PostgreSql])
            rows.AddRange(await HttpScenario.RunAsync(engine, raw, quick));
        break;
    case "scale":
        foreach (Engine engine in (Engine[])[Engine.Sqlite, Engine.PostgreSql])
            rows.AddRange(await ScaleScenario.RunAsync(engine, quick));
        break;
    case "import":
        foreach (Engine engine in (Engine[])[Engine.Sqlite, Engine.PostgreSql])
            rows.AddRange(await ImportScenario.RunAsync(engine, quick));
        break;
    case "report" when args.Length == 2:
        Report.WriteDocument(
            args[1],
            [
                ("core", CoreScenario.Text),
                ("http", HttpScenario.Text),
                ("scale", ScaleScenario.Text),
                ("import", ImportScenario.Text),
            ]
        );
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "Usage: Latchkey.Bench core|http|scale|import [--quick] [--json FILE]\n       Latchkey.Bench report FOLDER"
        );
        return 2;
}
Console.Write(Report.Table(rows));
if (json >= 0)
    Report.WriteJson(args[json + 1], scenario, rows);
return 0;
