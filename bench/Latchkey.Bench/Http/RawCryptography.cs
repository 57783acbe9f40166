using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Bench.Http;

/// <summary>
/// What the machine can do at best: an operation no sign-in can be done without, on every core at once, since neighbours share caches, memory
/// and power, and the server has no core for itself either.
/// </summary>
/// <param name="Name">Stable name.</param>
/// <param name="Times">How often it runs on each core when it is measured: about a second.</param>
/// <param name="Prepare">Makes one for a thread, with a key of its own.</param>
internal sealed record RawCryptography(string Name, int Times, Func<Func<bool>> Prepare)
{
    private static readonly byte[] s_digest = SHA256.HashData("bench"u8);
    private static readonly byte[] s_password = Encoding.UTF8.GetBytes("correct horse battery");

    public static readonly RawCryptography Sign = new(
        "rsa-2048-sign",
        1000,
        () =>
        {
            var rsa = RSA.Create(2048);
            return () => Signature(rsa).Length > 0;
        }
    );

    public static readonly RawCryptography Verify = new(
        "rsa-2048-verify",
        10_000,
        () =>
        {
            var rsa = RSA.Create(2048);
            var signature = Signature(rsa);
            return () =>
                rsa.VerifyHash(
                    s_digest,
                    signature,
                    HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1
                );
        }
    );

    public static readonly RawCryptography Hash = new(
        "pbkdf2-sha512-210000",
        5,
        () =>
            () =>
                Rfc2898DeriveBytes
                    .Pbkdf2(s_password, s_digest, 210_000, HashAlgorithmName.SHA512, 32)
                    .Length > 0
    );

    public static readonly IReadOnlyList<RawCryptography> All = [Sign, Verify, Hash];

    /// <summary>Processor time of one, in microseconds.</summary>
    public double Measure()
    {
        var cores = Environment.ProcessorCount;
        using var start = new Barrier(cores + 1);
        using var self = Process.GetCurrentProcess();
        var threads = Enumerable
            .Range(0, cores)
            .Select(_ => new Thread(() =>
            {
                var run = Prepare();
                for (var i = 0; i < Math.Max(1, Times / 10); i++)
                    run();
                start.SignalAndWait();
                for (var i = 0; i < Times; i++)
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
        return (self.TotalProcessorTime - before).TotalMicroseconds / (Times * cores);
    }

    private static byte[] Signature(RSA rsa) =>
        rsa.SignHash(s_digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
