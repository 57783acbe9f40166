using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>Which RSA keys are accepted, ours and those of peers (rule S3).</summary>
internal static class RsaStrength
{
    public const int MinimumBits = 2048;

    /// <summary>Far above any key in use; bounds what one verification with a peer's key can cost.</summary>
    public const int MaximumBits = 16384;

    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <summary>The certificate's public key. Fetching it costs six verifications, so callers keep it.</summary>
    /// <exception cref="CryptographicException">Not RSA, or too weak.</exception>
    public static RSA PublicKeyOf(X509Certificate2 certificate)
    {
        // The key's algorithm, not the signature's: a CA may sign with something else, and self-signatures are not looked at.
        if (certificate.PublicKey.Oid.Value != RsaEncryption)
            throw new CryptographicException(
                $"The certificate holds a key of the kind {certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value}; RSA and elliptic-curve keys are accepted."
            );

        RSA key =
            certificate.GetRSAPublicKey()
            ?? throw new CryptographicException("The certificate's RSA key cannot be read.");
        try
        {
            Demand(key);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the key is long enough and its exponent can protect anything.</summary>
    public static void Demand(RSA key)
    {
        if (key.KeySize < MinimumBits)
            throw new CryptographicException(
                $"The RSA key has {key.KeySize} bits; at least {MinimumBits} are needed."
            );
        if (key.KeySize > MaximumBits)
            throw new CryptographicException(
                $"The RSA key has {key.KeySize} bits; at most {MaximumBits} are accepted."
            );

        // With an exponent of 1 every signature is its own message: anybody could forge.
        ReadOnlySpan<byte> exponent = key.ExportParameters(includePrivateParameters: false)
            .Exponent.AsSpan()
            .TrimStart((byte)0);
        bool isOne = exponent.Length == 1 && exponent[0] == 1;
        if (exponent.IsEmpty || isOne || (exponent[^1] & 1) == 0)
            throw new CryptographicException("The RSA key's public exponent is not a valid one.");
    }
}
