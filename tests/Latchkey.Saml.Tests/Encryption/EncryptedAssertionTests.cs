using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>Encrypted messages as a service provider receives them (rules E1 to E3).</summary>
public sealed class EncryptedAssertionTests
{
    private const string DigestSha1 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>";
    private const string DigestSha256 =
        "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";

    private static readonly Sealing Cbc = new() { Cipher = Sealing.Xenc + "aes256-cbc" };

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
        Signed(new Sealing { Recipients = [], KeyInfo = elsewhere })
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("encryption-shape");
    }

    [Fact]
    public void E1_Without_a_key_an_encrypted_assertion_is_refused() =>
        Signed(new Sealing())
            .Validate(ReceivedResponses.Rules)
            .Findings.ShouldHaveSingleItem()
            .Code.ShouldBe("assertion-encrypted");

    // CVE-2024-4985, CVE-2024-9487, CVE-2026-2092: anybody can encrypt.
    [Fact]
    public void E1_An_encrypted_assertion_without_any_signature_is_refused() =>
        new Sealing()
            .Assertion(ReceivedResponses.Unsigned)
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("signature-missing");

    [Fact]
    public void E1_An_assertion_put_into_a_signed_response_is_refused()
    {
        string genuine = Signed(new Sealing());
        string evil = new Sealing().Assertion(ReceivedResponses.Unsigned.With("ada@", "eve@"));
        string container = Between(evil, "<saml:EncryptedAssertion", "</saml:EncryptedAssertion>");

        Verdict<VerifiedAssertion> replaced = genuine
            .With(
                Between(genuine, "<saml:EncryptedAssertion", "</saml:EncryptedAssertion>"),
                container
            )
            .Validate(Sealing.Rules);
        replaced.Findings.Select(finding => finding.Code).ShouldBe(["digest-mismatch"]);
        genuine
            .With("</samlp:Response>", container + "</samlp:Response>")
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("assertion-repeated");
    }

    [Fact]
    public void E1_An_altered_assertion_inside_is_refused_for_its_signature() =>
        new Sealing()
            .Assertion(ReceivedResponses.Unsigned.SignAssertion().With("ada@", "eve@"))
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("digest-mismatch");

    [Fact]
    public void E1_An_encrypted_assertion_beside_a_signed_one_is_refused()
    {
        string evil = new Sealing().Assertion(ReceivedResponses.Unsigned.With("ada@", "eve@"));

        ReceivedResponses
            .Unsigned.SignAssertion()
            .With(
                "<saml:Assertion ",
                Between(evil, "<saml:EncryptedAssertion", "</saml:EncryptedAssertion>")
                    + "<saml:Assertion "
            )
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("assertion-repeated");
    }

    [Theory]
    [InlineData("aes128-cbc", 16)]
    [InlineData("aes256-cbc", 32)]
    public void E2_AES_CBC_is_read_behind_its_switch_in_a_signed_response_only(
        string cipher,
        int keyLength
    )
    {
        Sealing sealing = new() { Cipher = Sealing.Xenc + cipher, KeyLength = keyLength };
        ResponseRules rules = Sealing.Rules with { AllowCbc = true };

        ShouldBeAda(Signed(sealing).Validate(rules));
        Signed(sealing).Validate(Sealing.Rules).ShouldBeRefusedFor("encryption-algorithm");
        sealing
            .Assertion(ReceivedResponses.Unsigned.SignAssertion())
            .Validate(rules)
            .ShouldBeRefusedFor("encryption-unauthenticated");
    }

    // "How to break XML Encryption" (CVE-2011-1096) needs an answer to an altered ciphertext.
    [Fact]
    public void E2_AES_CBC_in_a_response_whose_signature_fails_is_not_decrypted()
    {
        Verdict<VerifiedAssertion> verdict = Signed(Cbc)
            .With("InResponseTo=", "Consent=\"urn:x\" InResponseTo=")
            .Validate(Sealing.Rules with { AllowCbc = true });

        verdict.Findings.Select(finding => finding.Code).ShouldBe(["digest-mismatch"]);
    }

    /// <summary>What is done to a genuine ciphertext.</summary>
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

    [Fact]
    public void E2_A_content_key_of_another_length_fails_like_any_other() =>
        Signed(new Sealing { Cipher = Sealing.Xenc11 + "aes128-gcm", KeyLength = 32 })
            .Validate(Sealing.Rules)
            .Findings.ShouldHaveSingleItem()
            .Kind.ShouldBe(FindingKinds.DecryptionFailed);

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

    [Theory]
    [InlineData("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "aes256-gcm")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#aes192-cbc", "aes256-gcm")]
    [InlineData("http://www.w3.org/2009/xmlenc11#aes192-gcm", "aes256-gcm")]
    [InlineData("urn:unknown", "aes256-gcm")]
    public void E2_A_cipher_that_is_not_allowed_is_refused_by_name(string name, string written)
    {
        Finding finding = new Sealing()
            .Assertion(ReceivedResponses.Unsigned)
            .With(Sealing.Xenc11 + written, name)
            .SignResponse()
            .Validate(Sealing.Rules with { AllowCbc = true })
            .Findings.ShouldHaveSingleItem();

        finding.Kind.ShouldBe(FindingKinds.EncryptionAlgorithm);
        finding.Found.ShouldBe(name);
    }

    // A genuine GCM ciphertext declared as CBC: the attack by "backwards compatibility" (CVE-2012-5575).
    [Fact]
    public void E2_A_GCM_ciphertext_declared_as_CBC_is_not_decrypted_unless_signed_so() =>
        new Sealing()
            .Assertion(ReceivedResponses.Unsigned.SignAssertion())
            .With(Sealing.Xenc11 + "aes256-gcm", Sealing.Xenc + "aes256-cbc")
            .Validate(Sealing.Rules with { AllowCbc = true })
            .ShouldBeRefusedFor("encryption-unauthenticated");

    [Theory]
    [InlineData("<xenc:CipherReference URI=\"http://127.0.0.1:1/\"/>", "encryption-shape")]
    [InlineData("<xenc:CipherValue><!-- -->AAAA</xenc:CipherValue>", "encryption-shape")]
    [InlineData("<xenc:CipherValue>*</xenc:CipherValue>", "encryption-shape")]
    [InlineData("<xenc:CipherValue/>", "encryption-shape")]
    [InlineData(
        "<xenc:CipherValue>AAAA</xenc:CipherValue><xenc:CipherValue>AAAA</xenc:CipherValue>",
        "element-unexpected"
    )]
    public void E3_Ciphertext_stands_in_the_message(string cipherData, string code)
    {
        string xml = new Sealing { Beside = true }.Assertion(ReceivedResponses.Unsigned);

        xml.With(Between(xml, "<xenc:CipherValue>", "</xenc:CipherValue>"), cipherData)
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor(code);
    }

    [Fact]
    public void E3_Content_instead_of_an_element_is_refused() =>
        Signed(new Sealing { Type = Sealing.Xenc + "Content" })
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("encryption-shape");

    public static TheoryData<string, string> Plaintexts =>
        new()
        {
            { "two assertions", "xml-malformed" },
            { "text", "xml-malformed" },
            { "a NameID", "decrypted-content" },
            { "an encrypted assertion", "decrypted-content" },
            { "a whole response", "decrypted-content" },
            { "a document type", "xml-doctype" },
            { "a processing instruction", "xml-processing-instruction" },
            { "a prefix from outside", "xml-namespace" },
            { "no text encoding", "xml-encoding" },
        };

    [Theory]
    [MemberData(nameof(Plaintexts))]
    public void E3_What_comes_out_is_one_assertion_that_stands_alone(string what, string code)
    {
        string assertion = Between(
            ReceivedResponses.Unsigned,
            "<saml:Assertion ",
            "</saml:Assertion>"
        );
        string plaintext = what switch
        {
            "two assertions" => assertion + assertion,
            "text" => "ada@example.test",
            "a NameID" =>
                "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">ada</saml:NameID>",
            "an encrypted assertion" => Between(
                new Sealing().Assertion(ReceivedResponses.Unsigned),
                "<saml:EncryptedAssertion",
                "</saml:EncryptedAssertion>"
            ),
            "a whole response" => ReceivedResponses.Unsigned,
            "a document type" => "<!DOCTYPE x [<!ENTITY e \"eve\">]>" + assertion,
            "a processing instruction" => "<?x y?>" + assertion,
            "a prefix from outside" => assertion.With(
                " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                ""
            ),
            _ => assertion.With("ada@", "\u00FF@"),
        };
        byte[] octets =
            what == "no text encoding"
                ? System.Text.Encoding.Latin1.GetBytes(plaintext)
                : System.Text.Encoding.UTF8.GetBytes(plaintext);

        ReceivedResponses
            .Unsigned.With(assertion, new Sealing().Container(octets, "saml:EncryptedAssertion"))
            .SignResponse()
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor(code);
    }

    [Fact]
    public void X2_More_encrypted_keys_than_allowed_are_refused() =>
        Signed(new Sealing { Recipients = [.. Enumerable.Repeat("test-only-sp", 17)] })
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("xml-limit");

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

    [Fact]
    public void E3_An_EncryptedID_that_holds_something_else_is_refused()
    {
        string nameId = Between(ReceivedResponses.Unsigned, "<saml:NameID ", "</saml:NameID>");
        string other = new Sealing().Container(
            "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:Issuer>"u8.ToArray(),
            "saml:EncryptedID"
        );

        ReceivedResponses
            .Unsigned.With(nameId, other)
            .SignAssertion()
            .Validate(Sealing.Rules)
            .ShouldBeRefusedFor("decrypted-content");
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

    private static string Mask(string name) =>
        $"<xenc11:MGF xmlns:xenc11=\"{Sealing.Xenc11}\" Algorithm=\"{Sealing.Xenc11}{name}\"/>";

    private static string Signed(Sealing sealing, string? xml = null) =>
        sealing.Assertion(xml ?? ReceivedResponses.Unsigned).SignResponse();

    private static string Between(string xml, string start, string end)
    {
        int from = xml.IndexOf(start, StringComparison.Ordinal);
        return xml[from..(xml.IndexOf(end, from, StringComparison.Ordinal) + end.Length)];
    }

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
