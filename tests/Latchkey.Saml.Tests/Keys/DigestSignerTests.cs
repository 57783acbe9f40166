using System.Security.Cryptography;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Tests.Keys;

/// <summary>A key may live anywhere: all that it has to do is sign digests (rule I6).</summary>
[Trait("Rule", "I6")]
public sealed class DigestSignerTests
{
    private static readonly SignatureSuite Sha256 = SignatureSuite.Of(SignatureAlgorithm.RsaSha256);

    [Fact]
    public void A_key_elsewhere_signs_as_one_that_is_here()
    {
        using SigningKey key = Over(new Elsewhere(TestKeys.IdentityProvider.Signer));
        byte[] digest = SHA256.HashData("x"u8);
        byte[] here = new byte[TestKeys.IdentityProvider.SignatureLength];
        byte[] there = new byte[key.SignatureLength];
        TestKeys.IdentityProvider.SignHash(digest, Sha256, here);

        key.SignHash(digest, Sha256, there);

        there.ShouldBe(here);
    }

    [Fact]
    public void It_cannot_be_exported()
    {
        using SigningKey key = Over(new Elsewhere(TestKeys.IdentityProvider.Signer));

        Should.Throw<NotSupportedException>(() => key.ExportPkcs8());
    }

    [Fact]
    public void A_signature_that_is_too_short_is_none()
    {
        using SigningKey key = Over(new Silent());

        Should.Throw<CryptographicException>(() =>
            key.SignHash(SHA256.HashData("x"u8), Sha256, new byte[key.SignatureLength])
        );
    }

    [Fact]
    public void It_is_let_go_with_the_key()
    {
        Elsewhere elsewhere = new(TestKeys.IdentityProvider.Signer);

        Over(elsewhere).Dispose();

        elsewhere.LetGo.ShouldBeTrue();
    }

    private static SigningKey Over(IDigestSigner signer) =>
        SigningKey.Over(signer, TestKeys.CertificateDer("test-only-idp"));

    private sealed class Elsewhere(IDigestSigner inner) : IDigestSigner
    {
        public bool LetGo { get; private set; }

        public int SignDigest(
            ReadOnlySpan<byte> digest,
            SignatureAlgorithm algorithm,
            Span<byte> destination
        ) => inner.SignDigest(digest, algorithm, destination);

        public void Dispose() => LetGo = true;
    }

    private sealed class Silent : IDigestSigner
    {
        public int SignDigest(
            ReadOnlySpan<byte> digest,
            SignatureAlgorithm algorithm,
            Span<byte> destination
        ) => 0;

        public void Dispose() { }
    }
}
