using System.Diagnostics;

namespace Latchkey.Bench.Core;

/// <summary>What two threads do in the time of one, by the wall clock: on a machine that does something else too, less.</summary>
internal static class TwoThreads
{
    private static readonly TimeSpan s_length = TimeSpan.FromMilliseconds(40);

    public static IEnumerable<Row> Measure(
        string name,
        Action run,
        int rounds,
        double? atLeast = null
    )
    {
        List<double> one = [];
        List<double> two = [];
        for (int round = 0; round < rounds; round++)
        {
            one.Add(RateOf(run, threads: 1));
            two.Add(RateOf(run, threads: 2));
        }
        yield return new Row($"{name}-1-thread", Rounds.Median(one), "1/s");
        yield return new Row(
            $"{name}-2-threads",
            Rounds.Median(two),
            "1/s",
            Rounds.Median(two.Zip(one, (both, single) => both / single)),
            $"{name}-1-thread"
        )
        {
            AtLeast = atLeast,
        };
    }

    private static double RateOf(Action run, int threads)
    {
        double[] rates = new double[threads];
        using Barrier start = new(threads);
        Thread[] running =
        [
            .. Enumerable
                .Range(0, threads)
                .Select(n => new Thread(() =>
                {
                    start.SignalAndWait();
                    rates[n] = RateOf(run);
                })),
        ];
        foreach (Thread thread in running)
            thread.Start();
        foreach (Thread thread in running)
            thread.Join();
        return rates.Sum();
    }

    private static double RateOf(Action run)
    {
        int done = 0;
        long start = Stopwatch.GetTimestamp();
        do
        {
            run();
            done++;
        } while (Stopwatch.GetElapsedTime(start) < s_length);
        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
