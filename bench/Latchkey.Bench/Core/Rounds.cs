namespace Latchkey.Bench.Core;

/// <summary>
/// Measures operations side by side: in every round each one runs for a few milliseconds, so that a processor that gets
/// slower or faster does so for all. Compared is within a round; reported is the median over the rounds.
/// </summary>
internal sealed class Rounds
{
    private const double BatchMicroseconds = 4000;
    private readonly List<Operation> operations = [];

    private sealed record Operation(string Name, Action Run, string? Against)
    {
        public int Batch { get; set; } = 1;

        public List<double> Times { get; } = [];
    }

    public void Add(string name, Action run, string? against = null) =>
        operations.Add(new Operation(name, run, against));

    public IEnumerable<Row> Measure(int rounds)
    {
        // Until everything is compiled as it will be in a server that runs for a while.
        for (int i = 0; i < 4; i++)
        {
            foreach (Operation operation in operations)
                TimeOf(operation, times: 60);
            Thread.Sleep(TimeSpan.FromMilliseconds(250));
        }
        foreach (Operation operation in operations)
        {
            double once = TimeOf(operation, times: 30);
            operation.Batch = Math.Max(1, (int)(BatchMicroseconds / once));
        }

        for (int round = 0; round < rounds; round++)
            foreach (Operation operation in operations)
                operation.Times.Add(TimeOf(operation, operation.Batch));

        foreach (Operation operation in operations)
            yield return new Row(
                operation.Name,
                Median(operation.Times),
                "µs",
                operation.Against is null ? null : Ratio(operation),
                operation.Against
            );
    }

    /// <summary>Bytes that one run allocates.</summary>
    public static Row Allocated(string name, Action run)
    {
        const int times = 100;
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
            run();
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        return new Row(name, bytes, "bytes", Ratio: null, Against: null);
    }

    private double Ratio(Operation operation)
    {
        Operation other = operations.First(o => o.Name == operation.Against);
        return Median(operation.Times.Zip(other.Times, (one, against) => one / against));
    }

    private static double TimeOf(Operation operation, int times)
    {
        double start = ThreadClock.Now();
        for (int i = 0; i < times; i++)
            operation.Run();
        return (ThreadClock.Now() - start) / times;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
