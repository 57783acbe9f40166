using System.Runtime.InteropServices;

namespace Latchkey.Bench;

/// <summary>
/// What measured. OpenSSL signs with RSA more than twice as fast where the processor has AVX-512 IFMA, and nothing else here gains by it: a share
/// of the cryptography means little without knowing which of the two kinds it was.
/// </summary>
internal static class Processor
{
    private const string Information = "/proc/cpuinfo";

    /// <summary>OpenSSL's own: which of the processor's abilities it is to leave alone.</summary>
    private const string Masked = "OPENSSL_ia32cap";

    /// <summary>The processor's name, its architecture, and whether it has AVX-512 IFMA.</summary>
    public static string Describe()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString();
        if (!File.Exists(Information))
            return architecture;
        var lines = File.ReadAllLines(Information);
        var multiplies = Value(lines, "flags").Split(' ').Contains("avx512ifma");
        var masked = Environment.GetEnvironmentVariable(Masked) is { Length: > 0 } value
            ? $", {Masked}={value}"
            : "";
        return $"{Value(lines, "model name")} {architecture} {(multiplies ? "with" : "without")} AVX-512 IFMA{masked}".TrimStart();
    }

    private static string Value(string[] lines, string name) =>
        lines
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "";
}
