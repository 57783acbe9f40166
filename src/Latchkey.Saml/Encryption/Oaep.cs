using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Saml.Encryption;

/// <summary>
/// The padding OAEP with hashes of our choice for digest and mask and no label (RFC 8017 §7.1). Neither time nor
/// outcome tells which part of a padding was wrong: whoever learned that could decrypt with it (Manger's attack).
/// </summary>
internal static class Oaep
{
    private const int LongestHash = 64;

    /// <summary>Encodes a message (§7.1.1 step 2).</summary>
    /// <param name="message">The message.</param>
    /// <param name="digest">The hash of the empty label.</param>
    /// <param name="mask">The hash of the mask generation function MGF1.</param>
    /// <param name="encoded">As long as the modulus. Every key that is accepted has room for every content key.</param>
    public static void Encode(
        ReadOnlySpan<byte> message,
        HashAlgorithmName digest,
        HashAlgorithmName mask,
        Span<byte> encoded
    )
    {
        var length = LengthOf(digest);
        encoded.Clear();
        var seed = encoded.Slice(1, length);
        var block = encoded[(1 + length)..];
        RandomNumberGenerator.Fill(seed);
        CryptographicOperations.HashData(digest, [], block);
        block[^(message.Length + 1)] = 1;
        message.CopyTo(block[^message.Length..]);
        Mask(seed, mask, block);
        Mask(block, mask, seed);
    }

    /// <summary>Decodes a message whose length is known (§7.1.2 step 3).</summary>
    /// <param name="encoded">As long as the modulus. The padding is taken off in place.</param>
    /// <param name="digest">The hash of the empty label.</param>
    /// <param name="mask">The hash of the mask generation function MGF1.</param>
    /// <param name="message">Takes the message; random octets stay in it when the padding is wrong.</param>
    public static bool TryDecode(
        Span<byte> encoded,
        HashAlgorithmName digest,
        HashAlgorithmName mask,
        Span<byte> message
    )
    {
        var length = LengthOf(digest);
        var seed = encoded.Slice(1, length);
        var block = encoded[(1 + length)..];
        Mask(block, mask, seed);
        Mask(seed, mask, block);

        Span<byte> label = stackalloc byte[LongestHash];
        label = label[..CryptographicOperations.HashData(digest, [], label)];
        // Every octet that is not as it has to be leaves bits behind. With the message's length known, the place of the
        // octet 1 before it is known too, and nothing has to be searched.
        var separator = block.Length - message.Length - 1;
        int wrong = encoded[0];
        for (var i = 0; i < length; i++)
            wrong |= block[i] ^ label[i];
        for (var i = length; i < separator; i++)
            wrong |= block[i];
        wrong |= block[separator] ^ 1;

        // All ones if something is wrong, else zero.
        var keep = (byte)((-wrong) >> 8);
        RandomNumberGenerator.Fill(message);
        var opened = block[(separator + 1)..];
        for (var i = 0; i < message.Length; i++)
            message[i] = (byte)((message[i] & keep) | (opened[i] & ~keep));
        return keep == 0;
    }

    // MGF1 (appendix B.2.1), combined with the target.
    private static void Mask(
        ReadOnlySpan<byte> seed,
        HashAlgorithmName algorithm,
        Span<byte> target
    )
    {
        Span<byte> hash = stackalloc byte[LongestHash];
        Span<byte> counted = stackalloc byte[seed.Length + sizeof(uint)];
        seed.CopyTo(counted);
        for (uint counter = 0; !target.IsEmpty; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counted[seed.Length..], counter);
            var length = Math.Min(
                CryptographicOperations.HashData(algorithm, counted, hash),
                target.Length
            );
            for (var i = 0; i < length; i++)
                target[i] ^= hash[i];
            target = target[length..];
        }
        CryptographicOperations.ZeroMemory(counted);
    }

    private static int LengthOf(HashAlgorithmName algorithm) =>
        algorithm == HashAlgorithmName.SHA1 ? SHA1.HashSizeInBytes
        : algorithm == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes
        : algorithm == HashAlgorithmName.SHA384 ? SHA384.HashSizeInBytes
        : SHA512.HashSizeInBytes;
}
