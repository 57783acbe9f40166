using Latchkey.Bench.Core;

namespace Latchkey.Bench.Http;

/// <summary>Loads of one kind, each with what the raw cryptography took before and after it: whatever else the machine does meanwhile slows both down.</summary>
/// <param name="against">The cryptography of one sign-in, and how often it is in there.</param>
internal sealed class ComparedLoads(params (RawCryptography Operation, int Times)[] against)
{
    private readonly List<(Load Load, double Raw)> _rounds = [];

    /// <summary>Measures so many rounds.</summary>
    public async Task<ComparedLoads> MeasureAsync(int rounds, Func<Task<Load>> run)
    {
        var before = Raw();
        for (var round = 0; round < rounds; round++)
        {
            var load = await run();
            var after = Raw();
            _rounds.Add((load, (before + after) / 2));
            before = after;
        }
        return this;
    }

    /// <summary>The rate, what one takes at most for 99 of 100 as its client sees it, and the processor time of the server with its share of cryptography.</summary>
    public IEnumerable<Row> Rows(string name, double? atLeast)
    {
        var said = string.Join(" + ", against.Select(a => Said(a.Operation.Name, a.Times)));
        yield return new(
            name,
            Median(r => r.Load.Rate),
            "1/s",
            Median(r => r.Load.Rate * r.Raw / 1e6 / Environment.ProcessorCount),
            $"({said}) on every core"
        );
        yield return new($"{name}-p99", Median(r => r.Load.P99 / 1000), "ms");
        yield return new(
            $"{name}-cpu",
            Median(r => r.Load.Cpu),
            "µs",
            Median(r => r.Raw / r.Load.Cpu),
            said
        )
        {
            AtLeast = atLeast,
        };
    }

    private double Raw() => against.Sum(a => a.Times * a.Operation.Measure());

    private double Median(Func<(Load Load, double Raw), double> value) =>
        Rounds.Median(_rounds.Select(value));

    private static string Said(string name, int times) => times == 1 ? name : $"{times} × {name}";
}
