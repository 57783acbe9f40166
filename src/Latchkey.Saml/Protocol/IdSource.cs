using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Saml.Protocol;

/// <summary>Where message and assertion identifiers come from; replaced in tests so that whole messages compare byte for byte.</summary>
public abstract class IdSource
{
    /// <summary>160 random bits as an NCName (rule I5).</summary>
    public static IdSource Random { get; } = new RandomIds();

    /// <summary>A new identifier, an NCName.</summary>
    public abstract string Next();

    /// <summary>
    /// A new SessionIndex, an NCName of the same length: its first 48 bits are the time in milliseconds, the other 112 are random. So an
    /// index over those that were given out grows at its end, instead of anywhere. It tells no more than the assertion, which names its time.
    /// </summary>
    public virtual string NextSessionIndex() => Next();

    private sealed class RandomIds : IdSource
    {
        public override string Next()
        {
            Span<byte> bytes = stackalloc byte[20];
            RandomNumberGenerator.Fill(bytes);
            return Name(bytes);
        }

        public override string NextSessionIndex()
        {
            Span<byte> bytes = stackalloc byte[20];
            BinaryPrimitives.WriteInt64BigEndian(
                bytes,
                DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() << 16
            );
            RandomNumberGenerator.Fill(bytes[6..]);
            return Name(bytes);
        }

        private static string Name(ReadOnlySpan<byte> bytes) =>
            "_" + Convert.ToHexStringLower(bytes);
    }
}
