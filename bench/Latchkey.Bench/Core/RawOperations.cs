using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;

namespace Latchkey.Bench.Core;

/// <summary>The cryptography alone, with the very keys that the messages are made with: what everything is compared with.</summary>
internal sealed class RawOperations : IDisposable
{
    public const string RsaSign = "rsa-2048-sign";
    public const string RsaVerify = "rsa-2048-verify";
    public const string RsaDecrypt = "rsa-2048-oaep-decrypt";
    public const string EcSign = "ecdsa-p256-sign";

    private readonly RSA rsa = RSA.Create();
    private readonly RSA publicRsa;
    private readonly RSA decrypting = RSA.Create();
    private readonly ECDsa ecdsa = ECDsa.Create();
    private readonly byte[] digest = SHA256.HashData("bench"u8);
    private readonly byte[] signature;
    private readonly byte[] wrapped;
    private readonly byte[] room = new byte[256];

    public RawOperations(SigningKey key, SigningKey ecKey, DecryptionKey decryption)
    {
        rsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        publicRsa = key.Certificate.GetRSAPublicKey()!;
        decrypting.ImportPkcs8PrivateKey(decryption.ExportPkcs8(), out _);
        ecdsa.ImportPkcs8PrivateKey(ecKey.ExportPkcs8(), out _);
        signature = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        wrapped = decrypting.Encrypt(digest, RSAEncryptionPadding.OaepSHA1);
    }

    public RSA Rsa => rsa;

    public RSA PublicRsa => publicRsa;

    public void AddTo(Rounds measured)
    {
        measured.Add(RsaSign, Sign);
        measured.Add(RsaVerify, Verify);
        measured.Add(RsaDecrypt, Decrypt);
        measured.Add(EcSign, SignByCurve);
    }

    public void Verify() =>
        publicRsa.VerifyHash(
            digest.AsSpan(),
            signature,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );

    public void Dispose()
    {
        rsa.Dispose();
        publicRsa.Dispose();
        decrypting.Dispose();
        ecdsa.Dispose();
    }

    private void Sign() =>
        rsa.TrySignHash(digest, room, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out _);

    private void Decrypt() =>
        decrypting.TryDecrypt(wrapped, room, RSAEncryptionPadding.OaepSHA1, out _);

    private void SignByCurve() =>
        ecdsa.TrySignHash(digest, room, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
}
