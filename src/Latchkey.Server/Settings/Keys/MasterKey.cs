using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Server.Settings.Keys;

/// <summary>The key that wraps all others: 32 random bytes from outside the database, so that a copy of the database alone opens nothing.</summary>
internal sealed class MasterKey
{
    public const int Length = 32;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key;

    public MasterKey(ReadOnlySpan<byte> key) => _key = key.ToArray();

    public static string NewText() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads base64; null if it is not 32 bytes.</summary>
    public static byte[]? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var count) && count == Length
            ? bytes[..Length].ToArray()
            : null;
    }

    /// <summary>Encrypts with AES-256-GCM under a key derived for the purpose: nonce, ciphertext and tag.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> content)
    {
        var sealedBytes = new byte[NonceLength + content.Length + TagLength];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(KeyFor(purpose), TagLength);
        aes.Encrypt(
            nonce,
            content,
            sealedBytes.AsSpan(NonceLength, content.Length),
            sealedBytes.AsSpan(NonceLength + content.Length)
        );
        return sealedBytes;
    }

    /// <summary>The content, or null if another key sealed it, for another purpose, or it was changed.</summary>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceLength + TagLength)
        {
            return null;
        }
        var content = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(KeyFor(purpose), TagLength);
        try
        {
            aes.Decrypt(
                sealedBytes[..NonceLength],
                sealedBytes[NonceLength..^TagLength],
                sealedBytes[^TagLength..],
                content
            );
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[] KeyFor(string purpose) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            _key,
            Length,
            info: Encoding.UTF8.GetBytes("Latchkey " + purpose)
        );
}
