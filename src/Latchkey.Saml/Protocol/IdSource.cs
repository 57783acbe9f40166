using System.Security.Cryptography;

namespace Latchkey.Saml.Protocol;

/// <summary>Where message and assertion identifiers come from; replaced in tests so that whole messages compare byte for byte.</summary>
public abstract class IdSource
{
    /// <summary>160 random bits as an NCName (rule I5).</summary>
    public static IdSource Random { get; } = new RandomIds();

    /// <summary>A new identifier, an NCName.</summary>
    public abstract string Next();

    private sealed class RandomIds : IdSource
    {
        public override string Next()
        {
            Span<byte> bytes = stackalloc byte[20];
            RandomNumberGenerator.Fill(bytes);
            return "_" + Convert.ToHexStringLower(bytes);
        }
    }
}
