using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>
/// Tries a target until its time is over. Every input has a seed of its own, counted up from the first, so that one
/// number repeats one failure. An input that failed is made as short as it goes and kept as a file.
/// </summary>
internal static class FuzzRun
{
    private const string SecondsVariable = "LATCHKEY_FUZZ_SECONDS";
    private const string SeedVariable = "LATCHKEY_FUZZ_SEED";

    /// <summary>The first seed of this run: given, or another one each time.</summary>
    public static int Seed { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable(SeedVariable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int given
        )
            ? given
            : Random.Shared.Next(1_000_000_000);

    /// <summary>What each of so many targets gets: a share of what <c>./test.sh --fuzz</c> was given, or a second.</summary>
    public static TimeSpan Share(int targets) =>
        double.TryParse(
            Environment.GetEnvironmentVariable(SecondsVariable),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double seconds
        )
            ? TimeSpan.FromSeconds(seconds / targets)
            : TimeSpan.FromSeconds(1);

    /// <summary>Tries a target; throws at the first input that fails.</summary>
    /// <returns>How many inputs were tried.</returns>
    public static int Try(FuzzTarget target, TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int tried = 0;
        do
        {
            int seed = unchecked(Seed + tried) & int.MaxValue;
            byte[] input = target.Make(RandomOf(seed));
            if (Failure(target, input) is { } failure)
                Report(target, seed, input, failure);
            tried++;
        } while (watch.Elapsed < time);
        return tried;
    }

    /// <summary>What is wrong with an input; null when nothing is.</summary>
    public static Exception? Failure(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Check(input);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it was not to happen.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    // Seeds that follow one another would give random numbers that resemble one another.
    private static Random RandomOf(int seed)
    {
        uint mixed = (uint)seed * 2_654_435_761;
        mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519;
        return new Random((int)((mixed ^ (mixed >> 13)) & int.MaxValue));
    }

    private static void Report(FuzzTarget target, int seed, byte[] input, Exception failure)
    {
        byte[] shortest = Shorten(target, input, failure.GetType(), TimeSpan.FromSeconds(10));
        string file = Keep(target, seed, shortest);
        Exception last = Failure(target, shortest) ?? failure;
        throw new InvalidOperationException(
            $"{target.Name} failed with seed {seed}. Kept, in {shortest.Length} of {input.Length} bytes: {file}. "
                + $"It is tried in each run from now on. To make the same input again: ./test.sh --fuzz 1s --seed {seed}\n"
                + last.Message,
            last
        );
    }

    // Takes out pieces, half of all at first and one byte at last, as long as it fails in the same way.
    private static byte[] Shorten(FuzzTarget target, byte[] input, Type failure, TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        byte[] shortest = input;
        for (int length = shortest.Length / 2; length > 0; length /= 2)
        for (int at = 0; at < shortest.Length; )
        {
            if (watch.Elapsed > time)
                return shortest;
            byte[] shorter =
            [
                .. shortest[..at],
                .. shortest[Math.Min(at + length, shortest.Length)..],
            ];
            if (Failure(target, shorter)?.GetType() == failure)
                shortest = shorter;
            else
                at += length;
        }
        return shortest;
    }

    private static string Keep(FuzzTarget target, int seed, byte[] input)
    {
        string folder = Path.Combine(SourceFolder(), "Data", "fuzz", target.Name);
        // A machine that only runs what was built elsewhere has no sources.
        if (!Directory.Exists(SourceFolder()))
            folder = Path.Combine(Path.GetTempPath(), "latchkey-fuzz", target.Name);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{seed}.bin");
        File.WriteAllBytes(file, input);
        return file;
    }

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(file))!;
}
