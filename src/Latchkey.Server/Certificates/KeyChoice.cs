using Latchkey.Saml.Keys;

namespace Latchkey.Server.Certificates;

/// <summary>What a new key and its certificate are made of.</summary>
/// <param name="Kind">The key.</param>
/// <param name="Hash">The hash under the certificate's own signature.</param>
internal sealed record KeyChoice(
    KeyKind Kind = KeyKind.Rsa2048,
    CertificateHash Hash = CertificateHash.Sha256
)
{
    public static KeyChoice Standard { get; } = new();

    /// <summary>A key that can sign so (rule S3).</summary>
    public static KeyChoice For(SignatureAlgorithm algorithm) =>
        algorithm
            is SignatureAlgorithm.EcdsaSha256
                or SignatureAlgorithm.EcdsaSha384
                or SignatureAlgorithm.EcdsaSha512
            ? new(KeyKind.P256)
            : Standard;
}

internal enum KeyKind
{
    Rsa2048,
    Rsa3072,
    Rsa4096,

    /// <summary>Signs by ECDSA, which not every service provider verifies.</summary>
    P256,
}

internal enum CertificateHash
{
    Sha256,

    /// <summary>Only for a service provider that takes nothing newer (S0-14). It says nothing about how Responses are signed.</summary>
    Sha1,
}
