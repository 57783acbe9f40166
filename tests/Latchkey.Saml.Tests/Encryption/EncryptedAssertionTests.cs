using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>Encrypted messages that are read (rules E1 to E3). Those that are refused are messages of attackers.</summary>
public sealed class EncryptedAssertionTests
{
    private const string DigestSha1 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>";
    private const string DigestSha256 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";

    [Theory]
    [InlineData("aes128-gcm", 16, SignedParts.Assertion)]
    [InlineData("aes128-gcm", 16, SignedParts.Response)]
    [InlineData("aes256-gcm", 32, SignedParts.Assertion)]
    [InlineData("aes256-gcm", 32, SignedParts.Response)]
    [InlineData("aes256-gcm", 32, SignedParts.AssertionAndResponse)]
    public void E2_AES_GCM_is_read_however_the_message_is_signed(
        string cipher,
        int keyLength,
        SignedParts parts
    )
    {
        Sealing sealing = new() { Cipher = Sealing.Xenc11 + cipher, KeyLength = keyLength };
        string xml = ReceivedResponses.Unsigned;
        if (parts != SignedParts.Response)
            xml = xml.SignAssertion();
        xml = sealing.Assertion(xml);
        if (parts != SignedParts.Assertion)
            xml = xml.SignResponse();

        ShouldBeAda(xml.Validate(Sealing.Rules with { RequiredSignatures = parts }));
    }

    public static TheoryData<string, string, string, string> Transports =>
        new()
        {
            { Sealing.Xenc + "rsa-oaep-mgf1p", "", "SHA1", "SHA1" },
            { Sealing.Xenc + "rsa-oaep-mgf1p", DigestSha1, "SHA1", "SHA1" },
            { Sealing.Xenc + "rsa-oaep-mgf1p", "<xenc:OAEPparams/>" + DigestSha1, "SHA1", "SHA1" },
            { Sealing.Xenc + "rsa-oaep-mgf1p", DigestSha256, "SHA256", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", "", "SHA1", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", DigestSha1 + Mask("mgf1sha1"), "SHA1", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", Mask("mgf1sha1") + DigestSha1, "SHA1", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", Mask("mgf1sha256"), "SHA1", "SHA256" },
            { Sealing.Xenc11 + "rsa-oaep", DigestSha1 + Mask("mgf1sha256"), "SHA1", "SHA256" },
            { Sealing.Xenc11 + "rsa-oaep", DigestSha256, "SHA256", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", DigestSha256 + Mask("mgf1sha1"), "SHA256", "SHA1" },
            { Sealing.Xenc11 + "rsa-oaep", DigestSha256 + Mask("mgf1sha256"), "SHA256", "SHA256" },
        };

    [Theory]
    [MemberData(nameof(Transports))]
    public void E2_RSA_OAEP_is_read_by_either_name_and_with_either_hash(
        string name,
        string parameters,
        string digest,
        string mask
    )
    {
        Sealing sealing = new()
        {
            Transport = name,
            TransportParameters = parameters,
            Wrap = (certificate, key) => Openssl.Encrypt(certificate, key, digest, mask),
        };

        ShouldBeAda(Signed(sealing).Validate(Sealing.Rules));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_key_is_found_inside_and_beside_among_several_recipients(bool beside) =>
        ShouldBeAda(
            Signed(
                    new Sealing
                    {
                        Beside = beside,
                        Recipients = ["test-only-idp", "test-only-sp"],
                        KeyInfo = "<ds:KeyName>whoever</ds:KeyName>",
                    }
                )
                .Validate(Sealing.Rules)
        );

    [Fact]
    public void E3_Every_decryption_key_is_tried()
    {
        using DecryptionKey other = DecryptionKey.Import(
            TestKeys.PrivateKeyDer("test-only-idp"),
            TestKeys.CertificateDer("test-only-idp")
        );

        ShouldBeAda(
            Signed(new Sealing())
                .Validate(Sealing.Rules with { DecryptionKeys = [other, Sealing.Key] })
        );
    }

    [Fact]
    public void S4_A_RetrievalMethod_is_never_followed()
    {
        const string elsewhere =
            "<ds:RetrievalMethod URI=\"http://127.0.0.1:1/key\" Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\"/>";

        ShouldBeAda(
            Signed(new Sealing { Beside = true, KeyInfo = elsewhere }).Validate(Sealing.Rules)
        );
    }

    [Theory]
    [InlineData("aes128-cbc", 16)]
    [InlineData("aes256-cbc", 32)]
    public void E2_AES_CBC_is_read_behind_its_switch_in_a_signed_response(
        string cipher,
        int keyLength
    )
    {
        Sealing sealing = new() { Cipher = Sealing.Xenc + cipher, KeyLength = keyLength };
        ResponseRules rules = Sealing.Rules with { AllowCbc = true };

        ShouldBeAda(Signed(sealing).Validate(rules));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_rules_hold_inside_as_they_do_outside(bool signedInside)
    {
        string xml = ReceivedResponses.Unsigned.With(
            "https://wiki.example.test/metadata",
            "https://other.example.test/metadata"
        );
        xml = signedInside
            ? new Sealing().Assertion(xml.SignAssertion())
            : new Sealing().Assertion(xml).SignResponse();

        xml.Validate(Sealing.Rules).ShouldBeRefusedFor("audience-mismatch");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encrypted_NameID_and_attributes_are_read(bool signResponse)
    {
        string xml = new Sealing().Element(
            ReceivedResponses.Unsigned,
            "saml:NameID",
            "saml:EncryptedID"
        );
        xml = new Sealing { Beside = true }.Element(
            xml,
            "saml:Attribute",
            "saml:EncryptedAttribute"
        );
        xml = signResponse ? xml.SignResponse() : xml.SignAssertion();

        ShouldBeAda(xml.Validate(Sealing.Rules));
        Verdict<VerifiedAssertion> keyless = xml.Validate();
        keyless.ShouldBeRefusedFor("name-id-encrypted");
        keyless.ShouldBeRefusedFor("attribute-encrypted");
    }

    [Fact]
    public void Encrypted_NameID_inside_an_encrypted_assertion_is_read() =>
        ShouldBeAda(
            Signed(
                    new Sealing(),
                    new Sealing().Element(
                        ReceivedResponses.Unsigned,
                        "saml:NameID",
                        "saml:EncryptedID"
                    )
                )
                .Validate(Sealing.Rules)
        );

    private static string Mask(string name) =>
        $"<xenc11:MGF xmlns:xenc11=\"{Sealing.Xenc11}\" Algorithm=\"{Sealing.Xenc11}{name}\"/>";

    private static string Signed(Sealing sealing, string? xml = null) =>
        sealing.Assertion(xml ?? ReceivedResponses.Unsigned).SignResponse();

    private static void ShouldBeAda(Verdict<VerifiedAssertion> verdict)
    {
        verdict.ShouldBeAccepted();
        verdict.Value!.NameId!.Value.ShouldBe("ada@example.test");
        verdict.Value.NameId.Format.ShouldBe(NameIdFormats.EmailAddress);
        verdict
            .Value.Attributes.Select(attribute => attribute.Name)
            .ShouldBe(["email", "displayName", "groups", "nothing"]);
        verdict.Value.Attributes[0].Values.ShouldBe(["ada@example.test"]);
    }
}
