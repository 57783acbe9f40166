using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>Every failure to decrypt is told in the same words (rule E2), whatever failed and on whichever way.</summary>
public sealed class DecryptionFailureTests
{
    private const string DigestSha1 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>";
    private const string DigestSha256 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";

    private static readonly Sealing Cbc = new() { Cipher = Sealing.Xenc + "aes256-cbc" };

    // GCM, CBC, and a key by OAEP with two hashes, which goes another way.
    private static readonly Dictionary<string, Sealing> Ways = new(StringComparer.Ordinal)
    {
        ["gcm"] = new Sealing(),
        ["cbc"] = Cbc,
        ["two hashes"] = new Sealing
        {
            TransportParameters = DigestSha256,
            Wrap = (certificate, key) => Openssl.Encrypt(certificate, key, "SHA256", "SHA1"),
        },
    };

    public static TheoryData<string, string> Failures
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string failure in Spoiled.Keys)
            foreach (string way in Ways.Keys)
                if (way != "cbc" || !failure.Contains("tag", StringComparison.Ordinal))
                    data.Add(failure, way);
            return data;
        }
    }

    /// <summary>What is done to a genuine ciphertext.</summary>
    private static Dictionary<string, Func<Sealing, Sealing>> Spoiled { get; } =
        new(StringComparer.Ordinal)
        {
            ["for somebody else"] = s => s with { Recipients = ["test-only-idp"] },
            ["key altered"] = s => s with { SpoilKey = Flip(17) },
            ["key all zero"] = s => s with { SpoilKey = o => new byte[o.Length] },
            ["key above the modulus"] = s =>
                s with
                {
                    SpoilKey = o => [.. Enumerable.Repeat((byte)255, o.Length)],
                },
            ["key cut short"] = s => s with { SpoilKey = o => o[..^1] },
            ["key too long"] = s => s with { SpoilKey = o => [0, .. o] },
            ["key by another padding"] = s =>
                s with
                {
                    Wrap = Sealing.WithPadding(RSAEncryptionPadding.Pkcs1),
                },
            ["key by another hash"] = s =>
                s with
                {
                    Wrap = Sealing.WithPadding(RSAEncryptionPadding.OaepSHA256),
                },
            ["content altered in the tag"] = s => s with { SpoilContent = Flip(-1) },
            ["content altered under the tag"] = s => s with { SpoilContent = Flip(100) },
            ["nonce altered under the tag"] = s => s with { SpoilContent = Flip(0) },
            ["tag of 12 bytes"] = s => s with { SpoilContent = o => o[..^4] },
            ["tag of 4 bytes"] = s => s with { SpoilContent = o => o[..^12] },
            ["no tag"] = s => s with { SpoilContent = o => o[..^16] },
            ["nothing but a nonce and a tag"] = s => s with { SpoilContent = o => o[..28] },
            ["content of one byte"] = s => s with { SpoilContent = o => o[..1] },
            ["content of no whole block, shorter than a tag"] = s =>
                s with
                {
                    SpoilContent = o => o[..27],
                },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void E2_Every_failure_to_decrypt_is_told_in_the_same_words(string failure, string way)
    {
        Sealing sealing = Spoiled[failure](Ways[way]);

        // Signed behind the damage, so that decryption is what fails.
        Finding finding = Signed(sealing)
            .Validate(Sealing.Rules with { AllowCbc = true })
            .Findings.ShouldHaveSingleItem();

        finding.Kind.ShouldBe(FindingKinds.DecryptionFailed);
        finding.Expected.ShouldBe("encrypted for " + Sealing.Key.Certificate.Subject);
        finding.Found.ShouldBeNull();
    }

    [Theory]
    [InlineData("http://www.w3.org/2001/04/xmlenc#rsa-1_5", "")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#kw-aes256", "")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#dh", "")]
    [InlineData("http://www.w3.org/2009/xmlenc11#ECDH-ES", "")]
    [InlineData("urn:unknown", "")]
    [InlineData(
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
        "<xenc:OAEPparams>AAAA</xenc:OAEPparams>"
    )]
    [InlineData(
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"/>"
    )]
    [InlineData(
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
        "<xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>"
    )]
    [InlineData(
        "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"/>"
    )]
    public void E2_A_key_transport_that_is_not_allowed_is_refused_by_name(
        string name,
        string parameters
    )
    {
        Finding finding = Signed(new Sealing { Transport = name, TransportParameters = parameters })
            .Validate(Sealing.Rules)
            .Findings.ShouldHaveSingleItem();

        finding.Kind.ShouldBe(FindingKinds.EncryptionAlgorithm);
        finding.Found!.ShouldStartWith(name);
    }

    [Fact]
    public void E1_An_encrypted_NameID_in_an_unverified_assertion_is_not_opened()
    {
        Verdict<VerifiedAssertion> verdict = new Sealing { SpoilKey = Flip(3) }
            .Element(ReceivedResponses.Unsigned, "saml:NameID", "saml:EncryptedID")
            .Validate(Sealing.Rules);

        verdict.Findings.Select(finding => finding.Code).ShouldBe(["signature-missing"]);
    }

    private static Func<byte[], byte[]> Flip(int at) =>
        octets =>
        {
            octets[at < 0 ? octets.Length + at : at] ^= 1;
            return octets;
        };

    private static string Signed(Sealing sealing, string? xml = null) =>
        sealing.Assertion(xml ?? ReceivedResponses.Unsigned).SignResponse();
}
