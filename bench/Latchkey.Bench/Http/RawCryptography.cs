using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Bench.Http;

/// <summary>What the machine can do at best: the operations no sign-in can be done without, on every core at once, in processor time for one.</summary>
internal sealed record RawCryptography(double SignMicroseconds, double HashMicroseconds)
{
    public const string Sign = "rsa-2048-sign";
    public const string Hash = "pbkdf2-sha512-210000";

    public IReadOnlyList<Row> Rows =>
        [new(Sign, SignMicroseconds, "µs"), new(Hash, HashMicroseconds, "µs")];

    public static RawCryptography Measure(int times)
    {
        var digest = SHA256.HashData("bench"u8);
        var password = Encoding.UTF8.GetBytes("correct horse battery");
        return new(
            TimeOf(
                times,
                () =>
                {
                    var rsa = RSA.Create(2048);
                    return () =>
                        rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            ),
            TimeOf(
                times / 100,
                () =>
                    () =>
                        Rfc2898DeriveBytes.Pbkdf2(
                            password,
                            digest,
                            210_000,
                            HashAlgorithmName.SHA512,
                            32
                        )
            )
        );
    }

    // The least of several: whoever else uses the machine can only make it look slower than it is, and the server the better for it.
    private static double TimeOf(int times, Func<Func<byte[]>> prepare) =>
        Enumerable.Range(0, 5).Min(_ => TimeOfOneRound(times, prepare));

    // On every core at once: neighbours share caches, memory and power, and the server has no core for itself either.
    private static double TimeOfOneRound(int times, Func<Func<byte[]>> prepare)
    {
        var cores = Environment.ProcessorCount;
        using var start = new Barrier(cores + 1);
        using var self = Process.GetCurrentProcess();
        var threads = Enumerable
            .Range(0, cores)
            .Select(_ => new Thread(() =>
            {
                var run = prepare();
                for (var i = 0; i < Math.Max(1, times / 10); i++)
                    run();
                start.SignalAndWait();
                for (var i = 0; i < times; i++)
                    run();
            }))
            .ToList();
        foreach (var thread in threads)
            thread.Start();
        start.SignalAndWait();
        self.Refresh();
        var before = self.TotalProcessorTime;
        foreach (var thread in threads)
            thread.Join();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMicroseconds / (times * cores);
    }
}
