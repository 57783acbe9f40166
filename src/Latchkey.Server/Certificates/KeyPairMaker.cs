using Latchkey.Saml.Keys;

namespace Latchkey.Server.Certificates;

/// <summary>Makes new key pairs: the one place where a private key comes to be.</summary>
internal class KeyPairMaker
{
    /// <summary>A new key with a self-signed certificate.</summary>
    /// <param name="name">The certificate's common name.</param>
    /// <param name="notBefore">Start of its validity, in whole seconds.</param>
    /// <param name="notAfter">End of its validity, in whole seconds.</param>
    /// <param name="choice">What the two are made of.</param>
    public virtual SigningKey Make(
        string name,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        KeyChoice choice
    ) =>
        choice.Kind == KeyKind.P256
            ? SigningKey.Create(name, notBefore, notAfter, EllipticCurve.P256)
            : SigningKey.Create(
                name,
                notBefore,
                notAfter,
                choice.Kind switch
                {
                    KeyKind.Rsa3072 => 3072,
                    KeyKind.Rsa4096 => 4096,
                    _ => 2048,
                },
                choice.Hash == CertificateHash.Sha1
            );
}
