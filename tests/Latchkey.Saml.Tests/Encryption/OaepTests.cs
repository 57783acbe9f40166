using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>OAEP and the RSA operation beneath it, which are our own only where digest and mask differ (RFC 8017 §7.1).</summary>
public sealed class OaepTests
{
    private static readonly byte[] s_message = RandomNumberGenerator.GetBytes(32);

    public static TheoryData<string, string> Mixed =>
        new() { { "SHA1", "SHA256" }, { "SHA256", "SHA1" } };

    [Theory]
    [MemberData(nameof(Mixed))]
    public void OpenSSL_opens_what_is_wrapped(string digest, string mask)
    {
        using EncryptionKey key = EncryptionKey.FromCertificate(
            TestKeys.CertificateDer("test-only-sp")
        );

        byte[] wrapped = key.Wrap(s_message, Transport(digest, mask));

        Openssl.Decrypt("test-only-sp", wrapped, digest, mask).ShouldBe(s_message);
    }

    [Theory]
    [MemberData(nameof(Mixed))]
    public void What_OpenSSL_wraps_is_opened(string digest, string mask)
    {
        byte[] wrapped = Openssl.Encrypt("test-only-sp", s_message, digest, mask);
        byte[] opened = new byte[s_message.Length];

        Sealing.Key.TryUnwrap(wrapped, Transport(digest, mask), opened).ShouldBeTrue();
        opened.ShouldBe(s_message);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void With_one_hash_it_is_the_platforms_own(string hash)
    {
        HashAlgorithmName name = new(hash);
        using RSA rsa = ServiceProvider();
        byte[] encoded = new byte[RawRsa.LengthOf(rsa)];
        byte[] opened = new byte[s_message.Length];

        Oaep.Encode(s_message, name, name, encoded);
        byte[] wrapped = RawRsa.Encrypt(rsa, encoded);
        rsa.Decrypt(wrapped, RSAEncryptionPadding.CreateOaep(name)).ShouldBe(s_message);

        RawRsa.Decrypt(rsa, rsa.Encrypt(s_message, RSAEncryptionPadding.CreateOaep(name)), encoded);
        Oaep.TryDecode(encoded, name, name, opened).ShouldBeTrue();
        opened.ShouldBe(s_message);
    }

    public static TheoryData<string, int, byte> Wrongs =>
        new()
        {
            { "the first octet", 0, 1 },
            { "the hash of the label", 1 + 32, 1 },
            { "a zero of the padding", 1 + 32 + 32, 0x80 },
            { "the last zero of the padding", 256 - 32 - 2, 1 },
            { "the octet before the message", 256 - 32 - 1, 1 },
            { "the octet before the message, gone", 256 - 32 - 1, 0 },
        };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void E2_Whatever_is_wrong_with_the_padding_a_random_key_comes_out(
        string what,
        int place,
        byte difference
    )
    {
        byte[] encoded = Unmasked();
        encoded[place] = difference == 0 ? (byte)0 : (byte)(encoded[place] ^ difference);
        Remask(encoded);
        byte[] opened = new byte[s_message.Length];

        Oaep.TryDecode(encoded, HashAlgorithmName.SHA256, HashAlgorithmName.SHA1, opened)
            .ShouldBeFalse(what);

        opened.ShouldNotBe(s_message);
        opened.ShouldNotBe(new byte[s_message.Length]);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void E2_A_message_of_another_length_is_refused(int expected)
    {
        byte[] encoded = Unmasked();
        Remask(encoded);

        Oaep.TryDecode(
                encoded,
                HashAlgorithmName.SHA256,
                HashAlgorithmName.SHA1,
                new byte[expected]
            )
            .ShouldBeFalse();
    }

    [Fact]
    public void E2_A_ciphertext_that_is_no_number_below_the_modulus_is_no_key()
    {
        byte[] opened = new byte[32];

        Sealing
            .Key.TryUnwrap(
                Enumerable.Repeat((byte)0xFF, 256).ToArray(),
                Transport("SHA256", "SHA1"),
                opened
            )
            .ShouldBeFalse();
        opened.ShouldNotBe(new byte[32]);
    }

    [Fact]
    public void Numbers_that_begin_with_zeros_keep_their_length()
    {
        using RSA rsa = ServiceProvider();
        byte[] small = new byte[RawRsa.LengthOf(rsa)];
        small[^1] = 2;
        byte[] back = new byte[small.Length];

        RawRsa.Decrypt(rsa, RawRsa.Encrypt(rsa, small), back);

        back.ShouldBe(small);
    }

    // 00, a seed, then what the mask goes over: the hash of the empty label, zeros, 01 and the message.
    private static byte[] Unmasked()
    {
        byte[] encoded = new byte[256];
        RandomNumberGenerator.Fill(encoded.AsSpan(1, 32));
        SHA256.HashData([], encoded.AsSpan(33));
        encoded[256 - 32 - 1] = 1;
        s_message.CopyTo(encoded, 256 - 32);
        return encoded;
    }

    private static void Remask(byte[] encoded)
    {
        Mask(encoded.AsSpan(1, 32), encoded.AsSpan(33));
        Mask(encoded.AsSpan(33), encoded.AsSpan(1, 32));
    }

    // MGF1 with SHA-1, as RFC 8017 appendix B.2.1 says it.
    private static void Mask(ReadOnlySpan<byte> seed, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] ^= SHA1.HashData([.. seed, 0, 0, 0, (byte)(i / 20)])[i % 20];
    }

    private static KeyTransport Transport(string digest, string mask) =>
        KeyTransport.Of(
            (digest, mask) switch
            {
                ("SHA1", "SHA256") => KeyEncryption.RsaOaepSha1MaskSha256,
                _ => KeyEncryption.RsaOaepSha256MaskSha1,
            }
        );

    private static RSA ServiceProvider()
    {
        RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestKeys.PrivateKeyDer("test-only-sp"), out _);
        return rsa;
    }
}
