namespace Latchkey.Bench.Http;

/// <summary>What a server did while its connections were kept busy.</summary>
/// <param name="Count">How many answers it gave.</param>
/// <param name="Rate">Answers a second.</param>
/// <param name="Cpu">The server's processor time for one, in microseconds.</param>
/// <param name="Median">What one took, as the client saw it, in microseconds.</param>
/// <param name="P99">What all but one in a hundred took at most, in microseconds.</param>
internal sealed record Load(int Count, double Rate, double Cpu, double Median, double P99)
{
    public static Load Of(double[] waits, TimeSpan elapsed, TimeSpan cpu)
    {
        Array.Sort(waits);
        return new(
            waits.Length,
            waits.Length / elapsed.TotalSeconds,
            cpu.TotalMicroseconds / waits.Length,
            waits[waits.Length / 2],
            waits[(int)(waits.Length * 0.99)]
        );
    }
}
