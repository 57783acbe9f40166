using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A public key from a peer's certificate, imported once and kept. Safe for use by several threads.</summary>
public sealed class VerificationKey : IDisposable
{
    /// <summary>Imports the key of a certificate. Its dates and issuer play no part: trust comes from configuration (IIP-MD12).</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Not a certificate, or a key weaker than rule S3 allows.</exception>
    public static VerificationKey FromCertificate(ReadOnlySpan<byte> der) =>
        throw new NotImplementedException();

    /// <summary>The certificate, for showing.</summary>
    public X509Certificate2 Certificate => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
