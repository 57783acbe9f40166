namespace Latchkey.Bench.Core;

/// <summary>
/// Measures operations side by side: in every round each one runs for a few milliseconds, so that a processor that gets
/// slower or faster does so for all. Compared is within a round; reported is the median over the rounds.
/// </summary>
internal sealed class Rounds
{
    private const double BatchMicroseconds = 4000;
    private readonly List<Operation> operations = [];

    private sealed record Operation(string Name, Func<int, double> TimeOf)
    {
        /// <summary>The operations whose times together it is compared with.</summary>
        public string[] Against { get; init; } = [];

        public double? AtMost { get; init; }

        public int Batch { get; set; } = 1;

        public List<double> Times { get; } = [];
    }

    /// <summary>Adds an operation of this thread.</summary>
    public void Add(string name, Action run, string[]? against = null, double? atMost = null) =>
        Add(name, times => TimeOf(run, times), against, atMost);

    /// <summary>Adds an operation that is timed elsewhere: so many runs, microseconds of one.</summary>
    public void Add(
        string name,
        Func<int, double> timeOf,
        string[]? against = null,
        double? atMost = null
    ) => operations.Add(new Operation(name, timeOf) { Against = against ?? [], AtMost = atMost });

    public IEnumerable<Row> Measure(int rounds)
    {
        // Until everything is compiled as it will be in a server that runs for a while.
        for (int i = 0; i < 8; i++)
        {
            foreach (Operation operation in operations)
                operation.TimeOf(60);
            Thread.Sleep(TimeSpan.FromMilliseconds(250));
        }
        foreach (Operation operation in operations)
        {
            double once = operation.TimeOf(30);
            operation.Batch = Math.Max(1, (int)(BatchMicroseconds / once));
        }

        for (int round = 0; round < rounds; round++)
            foreach (Operation operation in operations)
                operation.Times.Add(operation.TimeOf(operation.Batch));

        foreach (Operation operation in operations)
            yield return new Row(
                operation.Name,
                Median(operation.Times),
                "µs",
                operation.Against.Length == 0 ? null : Ratio(operation),
                operation.Against.Length == 0 ? null : Said(operation.Against)
            )
            {
                AtMost = operation.AtMost,
            };
    }

    /// <summary>Bytes that one run allocates.</summary>
    public static Row Allocated(string name, Action run, double? atMost = null)
    {
        const int times = 100;
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
            run();
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        return new Row(name, bytes, "bytes") { AtMost = atMost };
    }

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private double Ratio(Operation operation) =>
        Median(
            operation.Times.Select(
                (time, round) => time / operation.Against.Sum(name => Find(name).Times[round])
            )
        );

    private Operation Find(string name) => operations.First(operation => operation.Name == name);

    // "2 × a + b" of a, a and b.
    private static string Said(string[] against) =>
        string.Join(
            " + ",
            against
                .GroupBy(name => name, StringComparer.Ordinal)
                .Select(same => same.Count() == 1 ? same.Key : $"{same.Count()} × {same.Key}")
        );

    private static double TimeOf(Action run, int times)
    {
        double start = ThreadClock.Now();
        for (int i = 0; i < times; i++)
            run();
        return (ThreadClock.Now() - start) / times;
    }
}
