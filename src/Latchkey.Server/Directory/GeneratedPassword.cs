using System.Security.Cryptography;

namespace Latchkey.Server.Directory;

/// <summary>A password made for somebody: 20 characters of 31, some 99 bits, in groups that can be read out.</summary>
internal static class GeneratedPassword
{
    /// <summary>Where a page finds it once, encrypted, after the redirect.</summary>
    public const string Key = "lk.generated-password";

    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    public static string New() =>
        string.Join(
            '-',
            Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 5))
        );
}
