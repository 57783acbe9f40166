using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Bench.Http;

/// <summary>What the machine can do at best: the operations no sign-in can be done without, alone, in processor time of this process.</summary>
internal sealed record RawCryptography(double SignMicroseconds, double HashMicroseconds)
{
    public const string Sign = "rsa-2048-sign";
    public const string Hash = "pbkdf2-sha512-210000";

    public IReadOnlyList<Row> Rows =>
        [new(Sign, SignMicroseconds, "µs"), new(Hash, HashMicroseconds, "µs")];

    public static RawCryptography Measure(int times)
    {
        using var rsa = RSA.Create(2048);
        var digest = SHA256.HashData("bench"u8);
        var password = Encoding.UTF8.GetBytes("correct horse battery");
        return new(
            TimeOf(
                times,
                () => rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ),
            TimeOf(
                times / 100,
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

    private static double TimeOf(int times, Func<byte[]> run)
    {
        for (var i = 0; i < Math.Max(1, times / 10); i++)
            run();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        for (var i = 0; i < times; i++)
            run();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMicroseconds / times;
    }
}
