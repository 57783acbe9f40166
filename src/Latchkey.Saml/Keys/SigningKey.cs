using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>A private key with its certificate, imported once and kept. Safe for use by several threads.</summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>Imports a key pair.</summary>
    /// <param name="pkcs8">The private key, DER PKCS#8, unencrypted.</param>
    /// <param name="certificate">The certificate, DER.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Key or certificate cannot be read, do not belong together, or the key is weaker than rule S3 allows.</exception>
    public static SigningKey Import(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> certificate) =>
        throw new NotImplementedException();

    /// <summary>Makes a new RSA key with a self-signed certificate.</summary>
    /// <param name="subjectName">The common name in the certificate, plain text.</param>
    /// <param name="notBefore">Start of validity.</param>
    /// <param name="notAfter">End of validity.</param>
    /// <param name="rsaBits">2048, 3072 or 4096.</param>
    public static SigningKey Create(
        string subjectName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        int rsaBits = 2048
    ) => throw new NotImplementedException();

    /// <summary>The certificate; it carries no private key.</summary>
    public X509Certificate2 Certificate => throw new NotImplementedException();

    /// <summary>The private key as DER PKCS#8, for storage at rest. The caller encrypts it.</summary>
    public byte[] ExportPkcs8() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
