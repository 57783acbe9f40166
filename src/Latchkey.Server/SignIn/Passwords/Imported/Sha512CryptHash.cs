using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Server.SignIn.Passwords.Imported;

/// <summary>SHA-512 crypt, <c>$6$</c>, of the shadow files of Linux: U. Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6. No package that can be had offers it.</summary>
internal sealed record Sha512CryptHash(int Rounds, byte[] Salt, string Expected)
    : ImportedHash(string.Create(CultureInfo.InvariantCulture, $"sha512crypt-{Rounds}"))
{
    private const int DefaultRounds = 5000;
    private const int LongestSalt = 16;
    public const int DigestLength = 86;
    private const string Alphabet =
        "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    protected override int Cost => Rounds;
    protected override int Least => 1000;
    protected override int Most => 1_000_000;

    public static Sha512CryptHash? Read(string text)
    {
        if (text.Split('$') is not ["", "6", .. var rest])
            return null;
        var rounds = DefaultRounds;
        if (rest is [var said, _, _] && said.StartsWith("rounds=", StringComparison.Ordinal))
        {
            if (Number(said["rounds=".Length..]) is not { } number)
                return null;
            rounds = number;
            rest = rest[1..];
        }
        return
            rest is [{ Length: > 0 and <= LongestSalt } salt, { Length: DigestLength } digest]
            && digest.All(c => Alphabet.Contains(c, StringComparison.Ordinal))
            ? new(rounds, Encoding.UTF8.GetBytes(salt), digest)
            : null;
    }

    public override bool Verify(string password) =>
        Same(
            Encoding.ASCII.GetBytes(Digest(Encoding.UTF8.GetBytes(password))),
            Encoding.ASCII.GetBytes(Expected)
        );

    /// <summary>The steps are numbered as in the specification.</summary>
    private string Digest(byte[] password)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        // 4-8: digest B.
        hash.AppendData(password);
        hash.AppendData(Salt);
        hash.AppendData(password);
        var b = hash.GetHashAndReset();
        // 1-3, 9-12: digest A.
        hash.AppendData(password);
        hash.AppendData(Salt);
        hash.AppendData(Repeated(b, password.Length));
        for (var bits = password.Length; bits > 0; bits >>= 1)
            hash.AppendData((bits & 1) != 0 ? b : password);
        var a = hash.GetHashAndReset();
        // 13-16: sequence P.
        for (var i = 0; i < password.Length; i++)
            hash.AppendData(password);
        var p = Repeated(hash.GetHashAndReset(), password.Length);
        // 17-20: sequence S.
        for (var i = 0; i < 16 + a[0]; i++)
            hash.AppendData(Salt);
        var s = Repeated(hash.GetHashAndReset(), Salt.Length);
        // 21: the rounds.
        for (var round = 0; round < Rounds; round++)
        {
            hash.AppendData((round & 1) != 0 ? p : a);
            if (round % 3 != 0)
                hash.AppendData(s);
            if (round % 7 != 0)
                hash.AppendData(p);
            hash.AppendData((round & 1) != 0 ? a : p);
            a = hash.GetHashAndReset();
        }
        return Encoded(a);
    }

    /// <summary>A digest as often as is needed for so many bytes.</summary>
    private static byte[] Repeated(byte[] digest, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = digest[i % digest.Length];
        return bytes;
    }

    /// <summary>22e: groups of three bytes in an order of their own, the lowest six bits first.</summary>
    private static string Encoded(byte[] digest)
    {
        var text = new StringBuilder(DigestLength);
        var (x, y, z) = (0, 21, 42);
        for (var i = 0; i < 21; i++)
        {
            Add((digest[x] << 16) | (digest[y] << 8) | digest[z], 4);
            (x, y, z) = (y + 1, z + 1, x + 1);
        }
        Add(digest[63], 2);
        return text.ToString();

        void Add(int value, int characters)
        {
            for (var i = 0; i < characters; i++)
            {
                text.Append(Alphabet[value & 63]);
                value >>= 6;
            }
        }
    }
}
