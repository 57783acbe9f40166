using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Saml.Keys;

/// <summary>
/// Signs a certificate by RSA PKCS#1 v1.5 with SHA-1, which the platform does not offer any more: a few service providers
/// read no newer certificate (S0-14). A self-signed certificate vouches for nothing, so that its hash protects nothing.
/// </summary>
internal sealed class Sha1CertificateSignature(RSA key) : X509SignatureGenerator
{
    private readonly X509SignatureGenerator known = CreateForRSA(key, RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    /// <remarks>sha1WithRSAEncryption with NULL as its parameters (RFC 3279 §2.2.1).</remarks>
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
        [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05, 0x05, 0x00];

    /// <inheritdoc/>
    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
        key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    protected override PublicKey BuildPublicKey() => known.PublicKey;
}
