using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Server.SignIn.Passwords.Imported;

/// <summary>PBKDF2 as Django and as passlib (PHC) write it.</summary>
internal sealed record Pbkdf2Hash(
    HashAlgorithmName Algorithm,
    int Rounds,
    byte[] Salt,
    byte[] Expected
)
    : ImportedHash(
        string.Create(
            CultureInfo.InvariantCulture,
            $"pbkdf2-{Algorithm.Name!.ToLowerInvariant()}-{Expected.Length}-{Rounds}"
        )
    )
{
    /// <summary>Longer digests cost a multiple.</summary>
    private const int LongestDigest = 64;

    protected override int Cost => Rounds;
    protected override int Least => 1;
    protected override int Most => 2_000_000;

    /// <summary><c>pbkdf2_sha256$ROUNDS$SALT$BASE64</c>; the salt is text.</summary>
    public static Pbkdf2Hash? ReadDjango(string text) =>
        text.Split('$') is [var name, var rounds, { Length: > 0 } salt, var digest]
        && name is "pbkdf2_sha256" or "pbkdf2_sha1" or "pbkdf2_sha512"
            ? Make(name["pbkdf2_".Length..], rounds, Encoding.UTF8.GetBytes(salt), digest)
            : null;

    /// <summary><c>$pbkdf2-sha256$ROUNDS$SALT$BASE64</c>, the rounds also as <c>i=ROUNDS</c> with <c>l=LENGTH</c>.</summary>
    public static Pbkdf2Hash? ReadPhc(string text)
    {
        if (
            text.Split('$') is not ["", var name, var parameters, var salt, var digest]
            || name is not ("pbkdf2" or "pbkdf2-sha1" or "pbkdf2-sha256" or "pbkdf2-sha512")
            || Base64(salt) is not { } bytes
        )
            return null;
        var rounds = parameters
            .Split(',')
            .Select(p => p.StartsWith("i=", StringComparison.Ordinal) ? p[2..] : p)
            .First();
        return Make(name == "pbkdf2" ? "sha1" : name["pbkdf2-".Length..], rounds, bytes, digest);
    }

    public override bool Verify(string password) =>
        Same(
            Rfc2898DeriveBytes.Pbkdf2(password, Salt, Rounds, Algorithm, Expected.Length),
            Expected
        );

    private static Pbkdf2Hash? Make(string algorithm, string rounds, byte[] salt, string digest) =>
        Number(rounds) is { } count
        && Base64(digest) is { Length: >= 16 and <= LongestDigest } expected
            ? new(Algorithms.Of(algorithm), count, salt, expected)
            : null;
}

/// <summary>ASP.NET Core Identity's third form: base64 of a marker, algorithm, rounds, length of the salt, salt and digest.</summary>
internal sealed record IdentityHash(
    HashAlgorithmName Algorithm,
    int Rounds,
    byte[] Salt,
    byte[] Expected
)
    : ImportedHash(
        string.Create(
            CultureInfo.InvariantCulture,
            $"identity-{Algorithm.Name!.ToLowerInvariant()}-{Expected.Length}-{Rounds}"
        )
    )
{
    private const int Header = 13;

    protected override int Cost => Rounds;
    protected override int Least => 1;
    protected override int Most => 2_000_000;

    public static IdentityHash? Read(string text)
    {
        var bytes = new byte[512];
        if (
            !Convert.TryFromBase64String(text, bytes, out var length)
            || length < Header + 16
            || bytes[0] != 0x01
        )
            return null;
        var algorithm = Int(bytes, 1) switch
        {
            0 => HashAlgorithmName.SHA1,
            1 => HashAlgorithmName.SHA256,
            2 => HashAlgorithmName.SHA512,
            _ => default,
        };
        var (rounds, salt) = (Int(bytes, 5), Int(bytes, 9));
        if (algorithm == default || salt is < 8 or > 64 || length - Header - salt is < 16 or > 64)
            return null;
        return new(
            algorithm,
            rounds,
            bytes[Header..(Header + salt)],
            bytes[(Header + salt)..length]
        );
    }

    public override bool Verify(string password) =>
        Same(
            Rfc2898DeriveBytes.Pbkdf2(password, Salt, Rounds, Algorithm, Expected.Length),
            Expected
        );

    private static int Int(byte[] bytes, int at) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
}

internal static class Algorithms
{
    public static HashAlgorithmName Of(string name) =>
        name switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            _ => HashAlgorithmName.SHA512,
        };
}
