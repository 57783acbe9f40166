using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Server.Problems;

namespace Latchkey.Server.SignIn.Passwords.Imported;

/// <summary>
/// A hash that another system made. It is accepted until its user signs in for the first time; then our own takes its
/// place. What it costs to check is bounded: a file must not be able to keep the server busy.
/// </summary>
/// <param name="Shape">Algorithm and cost, such as <c>bcrypt-12</c>: hashes of one shape take the same time to check.</param>
internal abstract record ImportedHash(string Shape)
{
    private const int LongestText = 512;

    public abstract bool Verify(string password);

    /// <summary>Whether a stored text is another system's, and not our own.</summary>
    public static bool IsMeant(string text) =>
        text.StartsWith('$') || text.StartsWith("pbkdf2_", StringComparison.Ordinal);

    /// <summary>Reads a hash, or says what is wrong with it.</summary>
    /// <param name="text">In its system's own form.</param>
    /// <param name="field">Where it stands, for the problem.</param>
    public static Outcome<ImportedHash> Read(string text, string field)
    {
        var read = text.Length > LongestText ? null : Find(text);
        if (read is null)
            return new Problem("password-hash-unknown", field);
        return read.Cost > read.Most || read.Cost < read.Least
            ? new Problem("password-hash-cost", field, read.Least, read.Most)
            : read;
    }

    private static ImportedHash? Find(string text)
    {
        ImportedHash? read = BcryptHash.Read(text);
        read ??= Sha512CryptHash.Read(text);
        read ??= Pbkdf2Hash.ReadDjango(text);
        read ??= Pbkdf2Hash.ReadPhc(text);
        read ??= IdentityHash.Read(text);
        return read;
    }

    /// <summary>A hash of that shape which no password fits: checking it is the same work.</summary>
    public static ImportedHash OfShape(string shape)
    {
        var parts = shape.Split('-');
        var rounds = Number(parts[^1]) ?? 1;
        var salt = RandomNumberGenerator.GetBytes(16);
        return parts switch
        {
            ["bcrypt", _] => new BcryptHash(
                string.Create(CultureInfo.InvariantCulture, $"$2b${rounds:00}$")
                    + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 21)
                    + "e"
                    + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 31),
                rounds
            ),
            ["pbkdf2", var algorithm, var length, _] => new Pbkdf2Hash(
                Algorithms.Of(algorithm),
                rounds,
                salt,
                RandomNumberGenerator.GetBytes(Number(length) ?? 32)
            ),
            ["identity", var algorithm, var length, _] => new IdentityHash(
                Algorithms.Of(algorithm),
                rounds,
                salt,
                RandomNumberGenerator.GetBytes(Number(length) ?? 32)
            ),
            _ => new Sha512CryptHash(rounds, salt, new string('.', Sha512CryptHash.DigestLength)),
        };
    }

    /// <summary>Rounds, or the exponent of them.</summary>
    protected abstract int Cost { get; }

    protected abstract int Least { get; }

    protected abstract int Most { get; }

    protected static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        CryptographicOperations.FixedTimeEquals(a, b);

    /// <summary>Base64 as different systems write it: standard, without padding, with a dot for the plus.</summary>
    protected static byte[]? Base64(string text)
    {
        var padded = text.Replace('.', '+');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) && length > 0
            ? bytes[..length]
            : null;
    }

    protected static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
