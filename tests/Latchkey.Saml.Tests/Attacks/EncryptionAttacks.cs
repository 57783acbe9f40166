using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Encryption;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Anybody can encrypt: encrypted messages that nobody vouches for, and questions to an oracle.</summary>
internal static class EncryptionAttacks
{
    private const string Container = "<saml:EncryptedAssertion";
    private const string ContainerEnd = "</saml:EncryptedAssertion>";

    private static readonly Sealing Cbc = new() { Cipher = Sealing.Xenc + "aes256-cbc" };

    public static IEnumerable<Attack> All =>
        from attack in (IEnumerable<Attack>)[.. Unauthenticated, .. Oracles, .. Algorithms, .. Shapes, .. Plaintexts]
        select attack with { Random = true };

    private static string Evil => ReceivedResponses.Unsigned.With("ada@example.test</saml:NameID>", "eve@evil.example</saml:NameID>");

    private static string EvilContainer => KeyAttacks.Between(new Sealing().Assertion(Evil), Container, ContainerEnd);

    private static ResponseRules WithCbc => Sealing.Rules with { AllowCbc = true };

    private static IEnumerable<Attack> Unauthenticated =>
    [
        New("encryption/unsigned", "E1", "an encrypted Assertion that nobody signed (CVE-2024-4985)", "signature-missing", () => new Sealing().Assertion(Evil)),
        New("encryption/replaced-in-signed-response", "E1", "the encrypted Assertion of a signed Response replaced", "digest-mismatch", () =>
        {
            string genuine = Signed(new Sealing());
            return genuine.With(KeyAttacks.Between(genuine, Container, ContainerEnd), EvilContainer);
        }),
        New("encryption/added-to-signed-response", "E1", "an encrypted Assertion added to a signed Response", "assertion-repeated", () =>
            Signed(new Sealing()).With("</samlp:Response>", EvilContainer + "</samlp:Response>")),
        New("encryption/beside-signed-assertion", "P2", "an encrypted Assertion before a signed one", "assertion-repeated", () =>
            ReceivedResponses.Unsigned.SignAssertion().With("<saml:Assertion ", EvilContainer + "<saml:Assertion ")),
        New("encryption/behind-signed-assertion", "P2", "an encrypted Assertion behind a signed one", "assertion-repeated", () =>
            ReceivedResponses.Unsigned.SignAssertion().With("</samlp:Response>", EvilContainer + "</samlp:Response>")),
        New("encryption/altered-inside", "E1", "an Assertion altered behind its signature, then encrypted", "digest-mismatch", () =>
            new Sealing().Assertion(ReceivedResponses.Unsigned.SignAssertion().With("ada@example.test</saml:NameID>", "eve@evil.example</saml:NameID>"))),
        New("encryption/audience-inside", "P5", "an Assertion for another audience inside", "audience-mismatch", () =>
            new Sealing().Assertion(ReceivedResponses.Unsigned.With("<saml:Audience>https://wiki", "<saml:Audience>https://shop").SignAssertion())),
        New("encryption/no-key", "E1", "an encrypted Assertion where there is no key to open it", "assertion-encrypted", () => Signed(new Sealing())) with { Rules = () => ReceivedResponses.Rules },
        New("encryption/name-no-key", "E1", "an encrypted NameID where there is no key to open it", "name-id-encrypted", () =>
            new Sealing().Element(ReceivedResponses.Unsigned, "saml:NameID", "saml:EncryptedID").SignResponse()) with { Rules = () => ReceivedResponses.Rules },
        New("encryption/attribute-no-key", "E1", "an encrypted Attribute where there is no key to open it", "attribute-encrypted", () =>
            new Sealing().Element(ReceivedResponses.Unsigned, "saml:Attribute", "saml:EncryptedAttribute").SignResponse()) with { Rules = () => ReceivedResponses.Rules },
        New("encryption/name-unsigned", "E1", "an encrypted NameID in an Assertion that nobody signed", "signature-missing", () =>
            new Sealing().Element(ReceivedResponses.Unsigned, "saml:NameID", "saml:EncryptedID")),
        New("encryption/name-beside-name", "X4", "an EncryptedID beside the NameID", "element-unexpected", () =>
            new Sealing().Element(ReceivedResponses.Unsigned.With("<saml:SubjectConfirmation ", "<saml:NameID Format=\"x\">eve</saml:NameID><saml:SubjectConfirmation "), "saml:NameID", "saml:EncryptedID").SignResponse()),
    ];

    private static IEnumerable<Attack> Oracles =>
    [
        New("cbc/not-allowed", "E2", "AES-CBC where it is not allowed", "encryption-algorithm", () => Signed(Cbc)),
        New("cbc/under-assertion-signature", "E2", "AES-CBC without a signature around it (CVE-2011-1096)", "encryption-unauthenticated", () => Cbc.Assertion(ReceivedResponses.Unsigned.SignAssertion())) with { Rules = () => WithCbc },
        New("cbc/failed-response-signature", "E2", "AES-CBC in a Response whose signature fails: not decrypted", "digest-mismatch", () =>
            Signed(Cbc).With(" InResponseTo=", " Consent=\"urn:x\" InResponseTo=")) with { Rules = () => WithCbc },
        New("cbc/gcm-declared-as-cbc", "E2", "AES-GCM declared as AES-CBC (CVE-2012-5575)", "encryption-unauthenticated", () =>
            new Sealing().Assertion(ReceivedResponses.Unsigned.SignAssertion()).With(Sealing.Xenc11 + "aes256-gcm", Sealing.Xenc + "aes256-cbc")) with { Rules = () => WithCbc },
        Failing("padding-zero", "AES-CBC whose last byte says no padding", Cbc with { SpoilContent = Flip(-1) }),
        Failing("half-block", "AES-CBC that is no whole number of blocks", Cbc with { SpoilContent = o => o[..27] }),
        Failing("gcm-tag-12", "AES-GCM with a tag of 12 bytes (CVE-2026-32313)", new Sealing { SpoilContent = o => o[..^4] }),
        Failing("gcm-tag-4", "AES-GCM with a tag of 4 bytes", new Sealing { SpoilContent = o => o[..^12] }),
        Failing("gcm-no-tag", "AES-GCM without a tag", new Sealing { SpoilContent = o => o[..^16] }),
        Failing("gcm-altered", "AES-GCM altered under its tag", new Sealing { SpoilContent = Flip(100) }),
        Failing("gcm-nonce-altered", "AES-GCM with another nonce", new Sealing { SpoilContent = Flip(0) }),
        Failing("gcm-nothing", "AES-GCM of nothing", new Sealing { SpoilContent = o => o[..28] }),
        Failing("one-byte", "a ciphertext of one byte", new Sealing { SpoilContent = o => o[..1] }),
        Failing("for-somebody-else", "encrypted for somebody else", new Sealing { Recipients = ["test-only-idp"] }),
        Failing("key-altered", "an encrypted key that was altered", new Sealing { SpoilKey = Flip(17) }),
        Failing("key-zero", "an encrypted key of zeros", new Sealing { SpoilKey = o => new byte[o.Length] }),
        Failing("key-above-modulus", "an encrypted key above the modulus", new Sealing { SpoilKey = o => [.. Enumerable.Repeat((byte)255, o.Length)] }),
        Failing("key-short", "an encrypted key cut short", new Sealing { SpoilKey = o => o[..^1] }),
        Failing("key-long", "an encrypted key with a byte more", new Sealing { SpoilKey = o => [0, .. o] }),
        Failing("key-pkcs1-declared-oaep", "an RSA 1.5 key declared as OAEP (CVE-2011-2487)", new Sealing { Wrap = Sealing.WithPadding(RSAEncryptionPadding.Pkcs1) }),
        Failing("key-other-hash", "an OAEP key with another hash than declared", new Sealing { Wrap = Sealing.WithPadding(RSAEncryptionPadding.OaepSHA256) }),
        Failing("content-key-length", "a content key of another length", new Sealing { Cipher = Sealing.Xenc11 + "aes128-gcm", KeyLength = 32 }),
    ];

    private static IEnumerable<Attack> Algorithms =>
    [
        Transport("rsa-1.5", "RSA 1.5", Sealing.Xenc + "rsa-1_5", ""),
        Transport("key-wrap", "a key wrapped by AES", Sealing.Xenc + "kw-aes256", ""),
        Transport("diffie-hellman", "key agreement by ECDH", Sealing.Xenc11 + "ECDH-ES", ""),
        Transport("unknown-transport", "a way of sending keys that nobody knows", "urn:evil", ""),
        Transport("oaep-label", "OAEP with a label", Sealing.Xenc + "rsa-oaep-mgf1p", "<xenc:OAEPparams>AAAA</xenc:OAEPparams>"),
        Transport("oaep-md5", "OAEP with MD5", Sealing.Xenc + "rsa-oaep-mgf1p", "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"/>"),
        Cipher("triple-des", "Triple DES", Sealing.Xenc + "tripledes-cbc"),
        Cipher("aes192-cbc", "AES-192-CBC", Sealing.Xenc + "aes192-cbc"),
        Cipher("unknown-cipher", "a cipher that nobody knows", "urn:evil"),
        New("ciphers/many-keys", "X2", "more EncryptedKeys than are tried", "xml-limit", () => Signed(new Sealing { Recipients = [.. Enumerable.Repeat("test-only-sp", 17)] })),
    ];

    private static IEnumerable<Attack> Shapes =>
    [
        CipherData("cipher-reference", "a CipherReference into the receiver's network (CVE-2023-36661)", "encryption-shape", "<xenc:CipherReference URI=\"http://127.0.0.1:1/\"/>"),
        CipherData("cipher-reference-transform", "a CipherReference with an XPath Transform", "encryption-shape", "<xenc:CipherReference URI=\"\"><xenc:Transforms><ds:Transform xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/></xenc:Transforms></xenc:CipherReference>"),
        CipherData("comment", "a comment inside the CipherValue", "encryption-shape", "<xenc:CipherValue><!-- -->AAAA</xenc:CipherValue>"),
        CipherData("no-base64", "a CipherValue that is no base64", "encryption-shape", "<xenc:CipherValue>*</xenc:CipherValue>"),
        CipherData("empty", "an empty CipherValue", "encryption-shape", "<xenc:CipherValue/>"),
        CipherData("two", "two CipherValues", "element-unexpected", "<xenc:CipherValue>AAAA</xenc:CipherValue><xenc:CipherValue>AAAA</xenc:CipherValue>"),
        New("ciphers/retrieval-method", "S4", "a RetrievalMethod into the receiver's network in place of the key", "encryption-shape", () =>
            Signed(new Sealing { Recipients = [], KeyInfo = "<ds:RetrievalMethod URI=\"http://127.0.0.1:1/key\" Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\"/>" })),
        New("ciphers/type-content", "E3", "content in place of an element", "encryption-shape", () => Signed(new Sealing { Type = Sealing.Xenc + "Content" })),
        New("ciphers/two-data", "X4", "two EncryptedData", "element-unexpected", () =>
        {
            string xml = new Sealing().Assertion(ReceivedResponses.Unsigned);
            string data = KeyAttacks.Between(xml, "<xenc:EncryptedData ", "</xenc:EncryptedData>");
            return xml.With(data, data + data).SignResponse();
        }),
    ];

    private static IEnumerable<Attack> Plaintexts
    {
        get
        {
            string assertion = KeyAttacks.Between(ReceivedResponses.Unsigned, "<saml:Assertion ", "</saml:Assertion>");
            return
            [
                Opens("two-assertions", "two Assertions", "xml-malformed", assertion + assertion),
                Opens("text", "text", "xml-malformed", "ada@example.test"),
                Opens("name", "a NameID", "decrypted-content", "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">ada</saml:NameID>"),
                Opens("encrypted-again", "another EncryptedAssertion", "decrypted-content", EvilContainer),
                Opens("whole-response", "a whole Response", "decrypted-content", ReceivedResponses.Unsigned),
                Opens("doctype", "a document type", "xml-doctype", "<!DOCTYPE x [<!ENTITY e \"eve\">]>" + assertion),
                Opens("processing-instruction", "a processing instruction", "xml-processing-instruction", "<?x y?>" + assertion),
                Opens("prefix-from-outside", "a prefix of the message around", "xml-namespace", assertion.With(" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "")),
                Opens("deep", "elements nested too deep", "xml-limit", assertion.With("<saml:Subject>", string.Concat(Enumerable.Repeat("<a>", 40)) + "<saml:Subject>")),
                New("plaintexts/latin-1", "E3", "another encoding inside", "xml-encoding", () => Around(Encoding.Latin1.GetBytes(assertion.With("ada@", "\u00FF@")))),
                New("plaintexts/wrong-name", "E3", "an Issuer in an EncryptedID", "decrypted-content", () =>
                    ReceivedResponses.Unsigned.With(
                        KeyAttacks.Between(ReceivedResponses.Unsigned, "<saml:NameID ", "</saml:NameID>"),
                        new Sealing().Container("<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:Issuer>"u8.ToArray(), "saml:EncryptedID")
                    ).SignAssertion()),
            ];
        }
    }

    private static Attack New(string file, string rule, string what, string code, Func<string> make) =>
        new(file + ".xml", rule, what, code, make) { Rules = () => Sealing.Rules };

    // Signed behind the damage, so that decryption is what fails.
    private static Attack Failing(string name, string what, Sealing sealing) =>
        New("oracles/" + name, "E2", what, "decryption-failed", () => Signed(sealing)) with { Rules = () => WithCbc };

    private static Attack Transport(string name, string what, string uri, string parameters) =>
        New("ciphers/" + name, "E2", what, "encryption-algorithm", () => Signed(new Sealing { Transport = uri, TransportParameters = parameters })) with { Rules = () => WithCbc };

    private static Attack Cipher(string name, string what, string uri) =>
        New("ciphers/" + name, "E2", what, "encryption-algorithm", () =>
            new Sealing().Assertion(ReceivedResponses.Unsigned).With(Sealing.Xenc11 + "aes256-gcm", uri).SignResponse()) with { Rules = () => WithCbc };

    private static Attack CipherData(string name, string what, string code, string data) =>
        New("ciphers/value-" + name, "E3", what, code, () =>
        {
            string xml = new Sealing { Beside = true }.Assertion(ReceivedResponses.Unsigned);
            return xml.With(KeyAttacks.Between(xml, "<xenc:CipherValue>", "</xenc:CipherValue>"), data);
        });

    private static Attack Opens(string name, string what, string code, string plaintext) =>
        New("plaintexts/" + name, "E3", what + " inside", code, () => Around(Encoding.UTF8.GetBytes(plaintext)));

    private static string Around(byte[] plaintext) =>
        ReceivedResponses.Unsigned.With(
            KeyAttacks.Between(ReceivedResponses.Unsigned, "<saml:Assertion ", "</saml:Assertion>"),
            new Sealing().Container(plaintext, "saml:EncryptedAssertion")
        ).SignResponse();

    private static string Signed(Sealing sealing) => sealing.Assertion(ReceivedResponses.Unsigned).SignResponse();

    private static Func<byte[], byte[]> Flip(int at) =>
        octets =>
        {
            octets[at < 0 ? octets.Length + at : at] ^= 1;
            return octets;
        };
}
