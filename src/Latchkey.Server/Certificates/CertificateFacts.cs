using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;

namespace Latchkey.Server.Certificates;

/// <summary>What a certificate says of its key, for people.</summary>
/// <param name="Kind"><c>rsa</c> or <c>ecdsa</c>.</param>
/// <param name="Bits">The key's length: 2048, or 256 of P-256.</param>
/// <param name="BySha1">Whether the certificate's own signature is made with SHA-1.</param>
internal sealed record CertificateFacts(string Kind, int Bits, bool BySha1)
{
    private const string Sha1WithRsa = "1.2.840.113549.1.1.5";

    /// <summary>The algorithm to sign with where the application says nothing that this key can do.</summary>
    public SignatureAlgorithm DefaultAlgorithm =>
        (Kind, Bits) switch
        {
            ("rsa", _) => SignatureAlgorithm.RsaSha256,
            (_, 384) => SignatureAlgorithm.EcdsaSha384,
            (_, 521) => SignatureAlgorithm.EcdsaSha512,
            _ => SignatureAlgorithm.EcdsaSha256,
        };

    /// <summary>Whether the key can sign so (rule S3).</summary>
    public bool Supports(SignatureAlgorithm algorithm) =>
        Kind
        == "ecdsa"
        == algorithm
            is SignatureAlgorithm.EcdsaSha256
                or SignatureAlgorithm.EcdsaSha384
                or SignatureAlgorithm.EcdsaSha512;

    public static CertificateFacts Of(ApplicationCertificate stored)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(stored.Certificate);
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return new(
            rsa is null ? "ecdsa" : "rsa",
            rsa?.KeySize ?? ecdsa?.KeySize ?? 0,
            certificate.SignatureAlgorithm.Value == Sha1WithRsa
        );
    }
}
