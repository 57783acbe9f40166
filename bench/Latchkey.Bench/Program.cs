using Latchkey.Bench;
using Latchkey.Bench.Core;
using Latchkey.Bench.Http;
using Latchkey.Bench.Import;
using Latchkey.Bench.Scale;
using Latchkey.Testing;

// Latchkey.Bench SCENARIO [--quick] [--engine sqlite|postgresql] [--json FILE], or Latchkey.Bench report FOLDER; bench/run.sh and bench/record.sh are
// the ways in.
bool quick = args.Contains("--quick", StringComparer.Ordinal);
int json = Array.IndexOf(args, "--json");
string scenario = args.Length == 0 ? "" : args[0];
List<Row> rows = [];
int only = Array.IndexOf(args, "--engine");
Engine[] engines = (only < 0 ? "" : args.ElementAtOrDefault(only + 1)) switch
{
    "sqlite" => [Engine.Sqlite],
    "postgresql" => [Engine.PostgreSql],
    _ => [Engine.Sqlite, Engine.PostgreSql],
};
switch (scenario)
{
    case "core":
        rows.AddRange(CoreScenario.Run(rounds: quick ? 15 : 101));
        break;
    case "http" or "http-without-ifma":
        rows.AddRange(HttpScenario.Raw());
        foreach (Engine engine in engines)
            rows.AddRange(await HttpScenario.RunAsync(engine, quick));
        break;
    case "scale":
        foreach (Engine engine in engines)
            rows.AddRange(await ScaleScenario.RunAsync(engine, quick));
        break;
    case "import":
        foreach (Engine engine in engines)
            rows.AddRange(await ImportScenario.RunAsync(engine, quick));
        break;
    case "lists":
        foreach (Engine engine in engines)
            rows.AddRange(await ListsScenario.RunAsync(engine, quick));
        break;
    case "report" when args.Length == 2:
        Report.WriteDocument(
            args[1],
            [
                ("core", CoreScenario.Text),
                ("http", HttpScenario.Text),
                ("http-without-ifma", HttpScenario.TextWithoutIfma),
                ("scale", ScaleScenario.Text),
                ("import", ImportScenario.Text),
                ("lists", ListsScenario.Text),
            ]
        );
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "Usage: Latchkey.Bench core|http|http-without-ifma|scale|import|lists [--quick] [--engine sqlite|postgresql] [--json FILE]\n       Latchkey.Bench report FOLDER"
        );
        return 2;
}
Console.Write(Report.Table(rows));
if (json >= 0)
    Report.WriteJson(args[json + 1], scenario, rows);
return 0;
