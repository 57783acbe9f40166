using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>No signature, somebody else's key, an algorithm that proves nothing.</summary>
internal static class KeyAttacks
{
    private const string Hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    private const string RsaSha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    private const string Sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";

    // The order of P-256 (FIPS 186-4 D.1.2.3).
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public static IEnumerable<Attack> All => [.. Unsigned, .. Foreign, .. Macs, .. Weak, .. Curves, .. OtherThings];

    private static string Evil => ReceivedResponses.Unsigned.With("ada@example.test</saml:NameID>", "eve@evil.example</saml:NameID>");

    private static IEnumerable<Attack> Unsigned =>
    [
        new("unsigned/response.xml", "S10", "no signature at all", "signature-missing", () => Evil),
        new("unsigned/assertion-demanded.xml", "S10", "Response signed, where the Assertion has to be", "assertion-signature-missing", () => ReceivedResponses.Written(SignedParts.Response))
        {
            Rules = () => ReceivedResponses.Rules with { RequiredSignatures = SignedParts.Assertion },
        },
        new("unsigned/response-demanded.xml", "S10", "Assertion signed, where the Response has to be", "response-signature-missing", () => ReceivedResponses.Written(SignedParts.Assertion))
        {
            Rules = () => ReceivedResponses.Rules with { RequiredSignatures = SignedParts.Response },
        },
        new("unsigned/no-key-configured.xml", "S10", "signed, and the receiver has no key", "no-verification-key", () => ReceivedResponses.Written(SignedParts.Response))
        {
            Rules = () => ReceivedResponses.Rules with { Keys = [] },
        },
        new("unsigned/good-response-bad-assertion.xml", "S8", "Response signature good, Assertion signature bad", "digest-mismatch", () =>
            ReceivedResponses.Unsigned.SignAssertion().With("ada@example.test</saml:NameID>", "eve@evil.example</saml:NameID>").SignResponse()),
        new("unsigned/good-assertion-bad-response.xml", "S8", "Assertion signature good, Response signature bad", "digest-mismatch", () =>
            ReceivedResponses.Unsigned.SignAssertion().SignResponse().With("Version=\"2.0\"", "Version=\"2.0\" Consent=\"urn:x\"")),
    ];

    private static IEnumerable<Attack> Foreign =>
    [
        new("foreign-keys/certificate.xml", "S4", "signed by the certificate that the message brings along", "signature-invalid", () =>
            SignedByOwn(new KeyInfoX509Data(TestKeys.CertificateDer("test-only-sp")))),
        new("foreign-keys/key-value.xml", "S4", "signed by the RSAKeyValue that the message brings along", "signature-invalid", () =>
        {
            using RSA own = ReceivedResponses.PrivateKey("test-only-sp");
            return SignedByOwn(new RSAKeyValue(own));
        }),
        new("foreign-keys/genuine-certificate-beside.xml", "S4", "signed by a foreign key, the genuine certificate in KeyInfo", "signature-invalid", () =>
            SignedByOwn(new KeyInfoX509Data(TestKeys.CertificateDer("test-only-idp")))),
        new("foreign-keys/both-certificates.xml", "S4", "the genuine certificate first, the foreign one behind it", "signature-invalid", () =>
            SignedByOwn(new KeyInfoX509Data(TestKeys.CertificateDer("test-only-idp")), new KeyInfoX509Data(TestKeys.CertificateDer("test-only-sp")))),
        new("foreign-keys/key-name.xml", "S4", "the name of the genuine key", "signature-invalid", () => SignedByOwn(new KeyInfoName("CN=Latchkey test identity provider"))),
        new("foreign-keys/retrieval-method.xml", "S4", "a RetrievalMethod to the attacker's server", "signature-invalid", () =>
            SignedByOwn(new KeyInfoRetrievalMethod("http://127.0.0.1:1/key", "http://www.w3.org/2000/09/xmldsig#rawX509Certificate"))),
        new("foreign-keys/symmetric.xml", "S4", "a symmetric key in KeyInfo (CVE-2019-1006)", "signature-invalid", () =>
            SignedByOwn(new KeyInfoName("x")).With("<KeyName>x</KeyName>", "<BinarySecret xmlns=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512\">AAAAAAAAAAAAAAAAAAAAAA==</BinarySecret>")),
        new("foreign-keys/encrypted-key.xml", "S4", "an EncryptedKey in the KeyInfo of a signature", "signature-invalid", () =>
            SignedByOwn(new KeyInfoName("x")).With("<KeyName>x</KeyName>", "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"><xenc:CipherData><xenc:CipherReference URI=\"http://127.0.0.1:1/\"/></xenc:CipherData></xenc:EncryptedKey>")),
    ];

    private static IEnumerable<Attack> Macs =>
    [
        new("hmac/certificate-der.xml", "S3", "HMAC with the certificate's DER as the key (CVE-2018-7644)", "signature-algorithm", () => Mac(TestKeys.CertificateDer("test-only-idp"))),
        new("hmac/certificate-pem.xml", "S3", "HMAC with the certificate's PEM as the key", "signature-algorithm", () => Mac(TestData.Bytes("keys/test-only-idp.crt.pem"))),
        new("hmac/public-key.xml", "S3", "HMAC with the SubjectPublicKeyInfo as the key", "signature-algorithm", () =>
        {
            using RSA key = ReceivedResponses.PrivateKey();
            return Mac(key.ExportSubjectPublicKeyInfo());
        }),
        new("hmac/public-key-sha1-allowed.xml", "S3", "HMAC-SHA1 where SHA-1 is allowed", "signature-algorithm", () => Mac([1]).With(Hmac, SignedXml.XmlDsigHMACSHA1Url)) { Rules = () => WithSha1 },
        new("hmac/truncated.xml", "S3", "HMAC cut to 8 bits (CVE-2009-0217)", "signature-algorithm", () =>
            Mac([1]).With($"<SignatureMethod Algorithm=\"{Hmac}\" />", $"<SignatureMethod Algorithm=\"{Hmac}\"><HMACOutputLength>8</HMACOutputLength></SignatureMethod>")),
        new("hmac/output-length-on-rsa.xml", "S3", "HMACOutputLength beside RSA", "signature-shape", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("xmldsig-more#rsa-sha256\">", "xmldsig-more#rsa-sha256\"><ds:HMACOutputLength>8</ds:HMACOutputLength>")),
    ];

    private static IEnumerable<Attack> Weak =>
    [
        new("weak/rsa-sha1.xml", "S3", "signed by RSA with SHA-1", "signature-algorithm", () => Sha1Signature),
        new("weak/rsa-sha1-allowed.xml", "S3", "signed by RSA with SHA-1, which is allowed", "sha1-used", () => Sha1Signature) { Rules = () => WithSha1 },
        new("weak/digest-sha1.xml", "S3", "digest by SHA-1", "digest-algorithm", () => Sha1Digest),
        new("weak/digest-sha1-allowed.xml", "S3", "digest by SHA-1, which is allowed", "sha1-used", () => Sha1Digest) { Rules = () => WithSha1 },
        Renamed("rsa-md5", "RSA with MD5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        Renamed("rsa-sha224", "RSA with SHA-224", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"),
        Renamed("rsa-ripemd160", "RSA with RIPEMD-160", "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160"),
        Renamed("dsa-sha1", "DSA with SHA-1", "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
        Renamed("ecdsa-sha1", "ECDSA with SHA-1", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"),
        Renamed("pss-sha1", "RSA-PSS with SHA-1", "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1"),
        Renamed("pss-parameters", "RSA-PSS with parameters in the message", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"),
        Renamed("unknown", "an algorithm that nobody knows", "urn:evil"),
        new("weak/other-family.xml", "S3", "RSA signature declared as ECDSA", "signature-invalid", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("xmldsig-more#rsa-sha256", "xmldsig-more#ecdsa-sha256")),
        new("weak/other-padding.xml", "S3", "PKCS#1 signature declared as PSS", "signature-invalid", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1")),
        new("weak/no-algorithm.xml", "S3", "SignatureMethod without Algorithm", "signature-algorithm", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With(" Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"", "")),
        new("weak/digest-md5.xml", "S3", "digest by MD5", "digest-algorithm", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"", "DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"")),
        new("weak/digest-md5-sha1-allowed.xml", "S3", "digest by MD5 where SHA-1 is allowed", "digest-algorithm", () =>
            ReceivedResponses.Written(SignedParts.Assertion).With("DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"", "DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"")) { Rules = () => WithSha1 },
    ];

    // CVE-2022-21449: with r = s = 0 every message verified under every key.
    private static IEnumerable<Attack> Curves =>
    [
        Ecdsa("zeros", "ECDSA with r = s = 0 (CVE-2022-21449)", genuine => new byte[genuine.Length]),
        Ecdsa("r-zero", "ECDSA with r = 0", genuine => [.. new byte[32], .. genuine[32..]]),
        Ecdsa("s-zero", "ECDSA with s = 0", genuine => [.. genuine[..32], .. new byte[32]]),
        Ecdsa("order", "ECDSA with r = s = n", _ => [.. Order, .. Order]),
        Ecdsa("truncated", "ECDSA signature cut short", genuine => genuine[..^1]),
        Ecdsa("extended", "ECDSA signature with a byte more", genuine => [.. genuine, 0]),
        Ecdsa("one-byte", "ECDSA signature of one byte", _ => [0]),
        Ecdsa("der", "ECDSA signature in DER", genuine => [0x30, 0x44, 0x02, 0x20, .. genuine[..32], 0x02, 0x20, .. genuine[32..]]),
    ];

    // Other things that the identity provider signed, or signs for anybody.
    private static IEnumerable<Attack> OtherThings =>
    [
        new("other-signed/assertion-alone.xml", "S9", "a signed Assertion without a Response", "message-type-unexpected", () =>
        {
            string xml = ReceivedResponses.Unsigned.SignAssertion();
            int start = xml.IndexOf("<saml:Assertion ", StringComparison.Ordinal);
            return xml[start..xml.IndexOf("</samlp:Response>", StringComparison.Ordinal)];
        }),
        new("other-signed/metadata.xml", "S9", "the identity provider's signed metadata", "message-type-unexpected", () => SignedMetadata),
        new("other-signed/metadata-in-extensions.xml", "S9", "signed metadata in the Extensions of an unsigned Response (CVE-2024-6800)", "signature-missing", () =>
            Evil.With("<samlp:Status>", $"<samlp:Extensions>{SignedMetadata}</samlp:Extensions><samlp:Status>")),
        new("other-signed/metadata-signature.xml", "S9", "the Signature of signed metadata in an Assertion", "signature-reference", () =>
            Evil.With("<saml:Subject>", Between(SignedMetadata, "<Signature ", "</Signature>") + "<saml:Subject>")),
        new("other-signed/logout-request.xml", "S9", "a signed LogoutRequest", "message-type-unexpected", () => SignedLogout),
        new("other-signed/logout-request-around.xml", "S9", "an evil Assertion in a signed LogoutRequest", "message-type-unexpected", () =>
            SignedLogout.With("</samlp:LogoutRequest>", Between(Evil, "<saml:Assertion ", "</saml:Assertion>") + "</samlp:LogoutRequest>")),
        new("other-signed/logout-signature.xml", "S9", "the Signature of a LogoutRequest in a Response", "signature-reference", () =>
            Evil.With("<samlp:Status>", Between(SignedLogout, "<Signature ", "</Signature>") + "<samlp:Status>")),
        new("other-signed/error-response.xml", "S9", "a signed error Response with an evil Assertion put in (Keycloak, Ping and AD FS sign errors)", "digest-mismatch", () =>
            ReceivedResponses.Unsigned.With("status:Success", "status:Responder").Without("<saml:Assertion ", "</saml:Assertion>").SignResponse()
                .With("</samlp:Response>", Between(Evil, "<saml:Assertion ", "</saml:Assertion>") + "</samlp:Response>")),
        new("other-signed/error-response-in-object.xml", "S9", "a signed error Response in an Object of the evil Response's Signature", "signature-shape", () =>
        {
            string error = ReceivedResponses.Unsigned.With("status:Success", "status:Responder").With("_response0", "_error0000").Without("<saml:Assertion ", "</saml:Assertion>").SignResponse();
            string signature = Between(error, "<Signature ", "</Signature>");
            return Evil.With("<samlp:Status>", signature.With("</Signature>", $"<Object>{error.With(signature, "")}</Object></Signature>") + "<samlp:Status>");
        }),
    ];

    private static ResponseRules WithSha1 => ReceivedResponses.Rules with { AllowSha1 = true };

    private static string Sha1Signature => ReceivedResponses.Unsigned.SignAssertion(signed => signed.SignedInfo!.SignatureMethod = RsaSha1);

    private static string Sha1Digest => ReceivedResponses.Unsigned.SignAssertion(signed => ((Reference)signed.SignedInfo!.References[0]!).DigestMethod = Sha1);

    private static string SignedMetadata =>
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_metadata\" entityID=\"https://id.example.test/saml2/wiki\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://id.example.test/saml2/wiki\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
            .Sign("/*", alter: null);

    private static string SignedLogout =>
        ("<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_logout\" IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\" Destination=\"https://wiki.example.test/acs?tenant=1&amp;lang=en\"><saml:Issuer>https://id.example.test/saml2/wiki</saml:Issuer>"
            + "<saml:NameID>ada@example.test</saml:NameID></samlp:LogoutRequest>").Sign("/*", alter: null);

    private static Attack Renamed(string name, string what, string uri) =>
        new($"weak/{name}.xml", "S3", what, "signature-algorithm", () => ReceivedResponses.Written(SignedParts.Assertion).With("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", uri))
        {
            Rules = () => WithSha1,
        };

    private static Attack Ecdsa(string name, string what, Func<byte[], byte[]> alter) =>
        new($"ecdsa/{name}.xml", "S3", what, "signature-invalid", () =>
        {
            using SigningKey key = TestKeys.Load("ec");
            string xml = Encoding.UTF8.GetString(ResponseWriter.Write(SampleResponses.Ada, key, SignedParts.Assertion, SignatureAlgorithm.EcdsaSha256));
            string value = Between(xml, "<ds:SignatureValue>", "</ds:SignatureValue>")["<ds:SignatureValue>".Length..^"</ds:SignatureValue>".Length];
            return xml.With(value, Convert.ToBase64String(alter(Convert.FromBase64String(value))));
        })
        {
            Random = true,
            Rules = () => ReceivedResponses.Rules with { Keys = [VerificationKey.FromCertificate(TestKeys.CertificateDer("ec"))] },
        };

    private static string SignedByOwn(params KeyInfoClause[] clauses)
    {
        using RSA own = ReceivedResponses.PrivateKey("test-only-sp");
        return Evil.SignAssertion(signed =>
        {
            signed.SigningKey = own;
            signed.KeyInfo = new KeyInfo();
            foreach (KeyInfoClause clause in clauses)
                signed.KeyInfo.AddClause(clause);
        });
    }

    // The MAC over the SignedInfo that names it, as exclusive canonicalization writes it.
    private static string Mac(byte[] key)
    {
        string xml = SignedByOwn(new KeyInfoName("x")).With("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", Hmac);
        XmlDocument signedInfo = new() { PreserveWhitespace = true };
        signedInfo.LoadXml(Between(xml, "<SignedInfo>", "</SignedInfo>").With("<SignedInfo>", "<SignedInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">"));
        XmlDsigExcC14NTransform canonical = new();
        canonical.LoadInput(signedInfo);
        using Stream octets = (Stream)canonical.GetOutput(typeof(Stream));
        string value = Convert.ToBase64String(HMACSHA256.HashData(key, octets));
        return xml.With(Between(xml, "<SignatureValue>", "</SignatureValue>"), $"<SignatureValue>{value}</SignatureValue>");
    }

    public static string Between(string xml, string start, string end)
    {
        int from = xml.IndexOf(start, StringComparison.Ordinal);
        from.ShouldBeGreaterThanOrEqualTo(0, start);
        return xml[from..(xml.IndexOf(end, from, StringComparison.Ordinal) + end.Length)];
    }
}
