using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>
/// The 30,000 commonest passwords, as sorted 40-bit beginnings of their SHA-256; build/assets makes the file. Read when the
/// first password is set. Of some forty million other passwords one is taken for one of them by chance.
/// </summary>
internal static class CommonPasswords
{
    private const int Width = 5;

    private static readonly Lazy<byte[]> s_hashes = new(Read);

    public static int Count => s_hashes.Value.Length / Width;

    /// <summary>Whether a password is one of them, or one of them with some characters put before or behind and letters replaced by the figures that look like them.</summary>
    public static bool Holds(string password)
    {
        var lower = password.ToLowerInvariant();
        if (Contains(lower) || Contains(Plain(lower)))
            return true;
        var core = Core(lower);
        // "monkey" in a long password of other things is no more than a word in it.
        return core.Length * 2 >= password.Length && (Contains(core) || Contains(Plain(core)));
    }

    private static bool Contains(string password)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(password), hash);
        var wanted = hash[..Width];
        var hashes = s_hashes.Value;
        var (low, high) = (0, (hashes.Length / Width) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = wanted.SequenceCompareTo(hashes.AsSpan(middle * Width, Width));
            if (order == 0)
                return true;
            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }
        return false;
    }

    /// <summary>Without what stands before the first and behind the last letter.</summary>
    private static string Core(string password)
    {
        var first = 0;
        while (first < password.Length && !char.IsLetter(password[first]))
            first++;
        var last = password.Length;
        while (last > first && !char.IsLetter(password[last - 1]))
            last--;
        return password[first..last];
    }

    private static string Plain(string password) =>
        string.Create(
            password.Length,
            password,
            static (to, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    to[i] = from[i] switch
                    {
                        '0' => 'o',
                        '1' or '!' => 'i',
                        '3' => 'e',
                        '4' or '@' => 'a',
                        '5' or '$' => 's',
                        '7' => 't',
                        var other => other,
                    };
                }
            }
        );

    private static byte[] Read()
    {
        using var file =
            typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords")
            ?? throw new InvalidOperationException(
                "The list of common passwords is not in the program."
            );
        var hashes = new byte[file.Length];
        file.ReadExactly(hashes);
        return hashes;
    }
}
