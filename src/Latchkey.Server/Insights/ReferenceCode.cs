using System.Security.Cryptography;

namespace Latchkey.Server.Insights;

/// <summary>The eight characters that tie what a user saw to the events an administrator reads. No character can be mistaken for another when read aloud or off a screen.</summary>
internal static class ReferenceCode
{
    public const int Length = 8;

    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>What somebody typed or pasted as a code: case, spaces and hyphens forgiven; null if it cannot be one.</summary>
    public static string? Read(string? typed)
    {
        var code = new string([
            .. (typed ?? "").Where(c => c is not ' ' and not '-').Take(Length + 1),
        ]).ToUpperInvariant();
        return
            code.Length == Length && code.All(c => Alphabet.Contains(c, StringComparison.Ordinal))
            ? code
            : null;
    }
}
