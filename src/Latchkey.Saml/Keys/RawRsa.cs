using System.Numerics;
using System.Security.Cryptography;

namespace Latchkey.Saml.Keys;

/// <summary>
/// The RSA operation alone, without a padding (RFC 8017 §5.1). The platform's RSA does it only together with paddings
/// of its own, and those of OAEP have the same hash for digest and mask; this is for where they differ, and for nothing
/// else.
/// </summary>
/// <remarks>
/// Arithmetic on <see cref="BigInteger"/> takes time that depends on its numbers. So what it works on is random each
/// time: the ciphertext is blinded by a random factor and the exponents by random multiples of what they can be reduced
/// by; and what comes out is written with a fixed number of octets, whatever it begins with.
/// </remarks>
internal static class RawRsa
{
    private const int ExponentBlindingOctets = 8;

    /// <summary>Length of a number modulo the key's modulus, in octets.</summary>
    public static int LengthOf(RSA key) => (key.KeySize + 7) / 8;

    /// <summary>The public operation: encrypts a number that is as long as the modulus and smaller.</summary>
    public static byte[] Encrypt(RSA key, ReadOnlySpan<byte> message)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var result = new byte[LengthOf(key)];
        Write(
            BigInteger.ModPow(
                Number(message),
                Number(parameters.Exponent),
                Number(parameters.Modulus)
            ),
            result
        );
        return result;
    }

    /// <summary>The private operation, by the Chinese remainder theorem.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="ciphertext">As long as the modulus.</param>
    /// <param name="message">As long as the modulus.</param>
    /// <exception cref="CryptographicException">The ciphertext is no number modulo the modulus, or the computation was faulty.</exception>
    public static void Decrypt(RSA key, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            var modulus = Number(parameters.Modulus);
            var exponent = Number(parameters.Exponent);
            var input = Number(ciphertext);
            if (input >= modulus)
                throw new CryptographicException("The ciphertext is longer than the key.");

            var factor = RandomBelow(parameters.Modulus!);
            var blinded = input * BigInteger.ModPow(factor, exponent, modulus) % modulus;
            var opened = DecryptBlinded(parameters, blinded);
            // A fault in one half of the computation would give away a factor of the modulus.
            if (BigInteger.ModPow(opened, exponent, modulus) != blinded)
                throw new CryptographicException("The RSA operation failed.");
            Write(opened * InverseOf(factor, modulus) % modulus, message);
        }
        finally
        {
            foreach (
                var secret in (ReadOnlySpan<byte[]?>)
                    [
                        parameters.D,
                        parameters.P,
                        parameters.Q,
                        parameters.DP,
                        parameters.DQ,
                        parameters.InverseQ,
                    ]
            )
                CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static BigInteger DecryptBlinded(in RSAParameters parameters, BigInteger blinded)
    {
        var p = Number(parameters.P);
        var q = Number(parameters.Q);
        var modP = BigInteger.ModPow(blinded % p, Blinded(parameters.DP, p), p);
        var modQ = BigInteger.ModPow(blinded % q, Blinded(parameters.DQ, q), q);
        // Non-negative, whichever of the two is larger.
        var difference = (modP - modQ % p + p) % p;
        return modQ + q * (Number(parameters.InverseQ) * difference % p);
    }

    // An exponent modulo p - 1 does the same with any multiple of p - 1 added.
    private static BigInteger Blinded(ReadOnlySpan<byte> exponent, BigInteger prime) =>
        Number(exponent)
        + Number(RandomNumberGenerator.GetBytes(ExponentBlindingOctets)) * (prime - BigInteger.One);

    private static BigInteger RandomBelow(byte[] modulus)
    {
        var bound = Number(modulus);
        BigInteger random;
        // Prime to the modulus, or the key would be broken by chance.
        do random = Number(RandomNumberGenerator.GetBytes(modulus.Length));
        while (random >= bound || random.IsZero);
        return random;
    }

    // Euclid's algorithm. The time it takes tells of a factor that is used this once.
    private static BigInteger InverseOf(BigInteger number, BigInteger modulus)
    {
        var (current, next) = (number, modulus);
        var (coefficient, nextCoefficient) = (BigInteger.One, BigInteger.Zero);
        while (!next.IsZero)
        {
            var quotient = current / next;
            (current, next) = (next, current - quotient * next);
            (coefficient, nextCoefficient) = (
                nextCoefficient,
                coefficient - quotient * nextCoefficient
            );
        }
        return (coefficient % modulus + modulus) % modulus;
    }

    private static BigInteger Number(ReadOnlySpan<byte> octets) =>
        new(octets, isUnsigned: true, isBigEndian: true);

    // With an octet 1 before it, a number is always as long, and no zeros at its front are seen to be left out.
    private static void Write(BigInteger number, Span<byte> octets)
    {
        Span<byte> written = stackalloc byte[octets.Length + 1];
        (number + (BigInteger.One << (8 * octets.Length))).TryWriteBytes(
            written,
            out _,
            isUnsigned: true,
            isBigEndian: true
        );
        written[1..].CopyTo(octets);
        CryptographicOperations.ZeroMemory(written);
    }
}
