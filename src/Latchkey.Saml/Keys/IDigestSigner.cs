namespace Latchkey.Saml.Keys;

/// <summary>
/// Signs digests with one private key, wherever that key lives: in this process, in a token, behind a service. Everything
/// that Latchkey signs passes through here (rule I6). Used by several threads at once.
/// </summary>
/// <remarks>The destination is a piece of the caller's own buffer, so that signing copies nothing.</remarks>
public interface IDigestSigner : IDisposable
{
    /// <summary>Signs a digest.</summary>
    /// <param name="digest">As long as the algorithm's hash makes it.</param>
    /// <param name="algorithm">One of the key's kind.</param>
    /// <param name="destination">As long as a signature of this key: of RSA as long as the modulus, of ECDSA r and s one after the other (IEEE P1363).</param>
    /// <returns>The bytes written; anything but all of the destination is taken for a failure.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">There is no signature.</exception>
    int SignDigest(ReadOnlySpan<byte> digest, SignatureAlgorithm algorithm, Span<byte> destination);
}
