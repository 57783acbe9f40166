namespace Latchkey.Server.Settings;

/// <summary>The key that wraps all others: 32 random bytes.</summary>
internal static class MasterKey
{
    public const int Length = 32;

    /// <summary>Reads base64; null if it is not 32 bytes.</summary>
    public static byte[]? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var count) && count == Length
            ? bytes[..Length].ToArray()
            : null;
    }
}
