using Latchkey.Bench;

// Latchkey.Bench SCENARIO [--quick] [--json FILE]; bench/run.sh is the way in.
if (args.Length == 0 || args[0] != "core")
{
    await Console.Error.WriteLineAsync("Usage: Latchkey.Bench core [--quick] [--json FILE]");
    return 2;
}

bool quick = args.Contains("--quick", StringComparer.Ordinal);
int json = Array.IndexOf(args, "--json");
IReadOnlyList<Row> rows = CoreScenario.Run(rounds: quick ? 15 : 101);
Report.Print(rows);
if (json >= 0)
    Report.WriteJson(args[json + 1], "core", rows);
return 0;
