using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Encryption;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Issuing;

/// <summary>Assertions encrypted for a service provider, checked by xmlsec1 in both directions (rules E2, I5, I7).</summary>
public sealed class EncryptedResponseTests
{
    private const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
    private const string Response = "urn:oasis:names:tc:SAML:2.0:protocol:Response";

    private static readonly EncryptionKey Key = EncryptionKey.FromCertificate(
        TestKeys.CertificateDer("test-only-sp")
    );

    public static TheoryData<SignedParts, ContentEncryption, KeyEncryption> Everything
    {
        get
        {
            TheoryData<SignedParts, ContentEncryption, KeyEncryption> data = [];
            foreach (SignedParts parts in Enum.GetValues<SignedParts>())
            foreach (ContentEncryption content in Enum.GetValues<ContentEncryption>())
            foreach (KeyEncryption transport in Enum.GetValues<KeyEncryption>())
                if (parts != SignedParts.Assertion || !IsCbc(content))
                    data.Add(parts, content, transport);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void What_is_encrypted_is_read(
        SignedParts parts,
        ContentEncryption content,
        KeyEncryption transport
    )
    {
        string xml = Written(parts, content, transport);

        xml.ShouldNotContain("ada@");
        xml.Validate(Sealing.Rules with { AllowCbc = IsCbc(content), RequiredSignatures = parts })
            .ShouldBeAccepted();
    }

    [Theory]
    [InlineData(ContentEncryption.Aes256Gcm)]
    [InlineData(ContentEncryption.Aes128Gcm)]
    [InlineData(ContentEncryption.Aes256Cbc)]
    [InlineData(ContentEncryption.Aes128Cbc)]
    public void Xmlsec1_decrypts_it_and_verifies_both_signatures(ContentEncryption content)
    {
        string xml = Written(SignedParts.AssertionAndResponse, content, KeyEncryption.RsaOaepMgf1p);
        string certificate = TestData.PathOf("keys/test-only-idp.crt.pem");

        Xmlsec1.ShouldVerify(
            Encoding.UTF8.GetBytes(xml),
            certificate,
            "/*/*[local-name()='Signature']",
            Response
        );
        string decrypted = RunXmlsec1(
            xml,
            "--decrypt",
            "--privkey-pem",
            TestData.PathOf("keys/test-only-sp.key.pem")
        );
        decrypted.ShouldContain("ada@example.test</saml:NameID>");
        Xmlsec1.ShouldVerify(
            Encoding.UTF8.GetBytes(decrypted),
            certificate,
            "/*/*/*[local-name()='Assertion']/*[local-name()='Signature']",
            Assertion,
            Response
        );
    }

    [Theory]
    [InlineData("http://www.w3.org/2009/xmlenc11#aes128-gcm", "aes-128")]
    [InlineData("http://www.w3.org/2009/xmlenc11#aes256-gcm", "aes-256")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "aes-128")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "aes-256")]
    public void What_xmlsec1_encrypts_is_read(string cipher, string sessionKey)
    {
        string template = $"""
            <xenc:EncryptedData xmlns:xenc="{Sealing.Xenc}" Type="{Sealing.Xenc}Element">
              <xenc:EncryptionMethod Algorithm="{cipher}"/>
              <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
                <xenc:EncryptedKey>
                  <xenc:EncryptionMethod Algorithm="{Sealing.Xenc}rsa-oaep-mgf1p"/>
                  <ds:KeyInfo><ds:KeyName>sp</ds:KeyName></ds:KeyInfo>
                  <xenc:CipherData><xenc:CipherValue/></xenc:CipherData>
                </xenc:EncryptedKey>
              </ds:KeyInfo>
              <xenc:CipherData><xenc:CipherValue/></xenc:CipherData>
            </xenc:EncryptedData>
            """;
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                file,
                ReceivedResponses
                    .Unsigned.With(
                        "<saml:Assertion ",
                        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:Assertion "
                    )
                    .With("</saml:Assertion>", "</saml:Assertion></saml:EncryptedAssertion>")
            );
            string encrypted = RunXmlsec1(
                template,
                "--encrypt",
                "--pubkey-cert-pem:sp",
                TestData.PathOf("keys/test-only-sp.crt.pem"),
                "--session-key",
                sessionKey,
                "--xml-data",
                file,
                "--node-xpath",
                "//*[local-name()='Assertion']"
            );

            encrypted.ShouldNotContain("ada@");
            encrypted
                .SignResponse()
                .Validate(Sealing.Rules with { AllowCbc = true })
                .ShouldBeAccepted();
        }
        finally
        {
            File.Delete(file);
        }
    }

    // It knows neither GCM nor the names of xmlenc 1.1.
    [Theory]
    [InlineData(EncryptedXml.XmlEncAES128Url, 128)]
    [InlineData(EncryptedXml.XmlEncAES256Url, 256)]
    public void What_EncryptedXml_encrypts_is_read(string cipher, int keySize)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(ReceivedResponses.Unsigned);
        XmlElement assertion = (XmlElement)
            document.GetElementsByTagName("Assertion", "urn:oasis:names:tc:SAML:2.0:assertion")[0]!;
        using Aes aes = Aes.Create();
        aes.KeySize = keySize;
        using RSA rsa = TestKeys.ServiceProvider.Certificate.GetRSAPublicKey()!;
        EncryptedKey key = new()
        {
            EncryptionMethod = new EncryptionMethod(EncryptedXml.XmlEncRSAOAEPUrl),
            CipherData = new CipherData(EncryptedXml.EncryptKey(aes.Key, rsa, useOAEP: true)),
        };
        EncryptedData data = new()
        {
            Type = EncryptedXml.XmlEncElementUrl,
            EncryptionMethod = new EncryptionMethod(cipher),
            CipherData = new CipherData(
                new EncryptedXml().EncryptData(assertion, aes, content: false)
            ),
        };
        data.KeyInfo.AddClause(new KeyInfoEncryptedKey(key));
        XmlElement container = document.CreateElement(
            "saml",
            "EncryptedAssertion",
            "urn:oasis:names:tc:SAML:2.0:assertion"
        );
        container.AppendChild(document.ImportNode(data.GetXml(), deep: true));
        assertion.ParentNode!.ReplaceChild(container, assertion);

        document
            .OuterXml.SignResponse()
            .Validate(Sealing.Rules with { AllowCbc = true })
            .ShouldBeAccepted();
    }

    [Theory]
    [InlineData(ContentEncryption.Aes128Cbc)]
    [InlineData(ContentEncryption.Aes256Cbc)]
    public void EncryptedXml_decrypts_it(ContentEncryption content)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(Written(SignedParts.Response, content));
        XmlElement container = (XmlElement)
            document.GetElementsByTagName("EncryptedData", Sealing.Xenc)[0]!;
        EncryptedData data = new();
        data.LoadXml(container);
        EncryptedKey key = data.KeyInfo.OfType<KeyInfoEncryptedKey>().Single().EncryptedKey!;
        using RSA rsa = ReceivedResponses.PrivateKey("test-only-sp");
        using Aes aes = Aes.Create();
        aes.Key = EncryptedXml.DecryptKey(key.CipherData.CipherValue!, rsa, useOAEP: true);

        byte[] plaintext = new EncryptedXml().DecryptData(data, aes);

        Encoding.UTF8.GetString(plaintext).ShouldContain("ada@example.test</saml:NameID>");
    }

    [Fact]
    public void I5_Key_and_nonce_are_fresh_each_time()
    {
        string one = Written(SignedParts.Response);
        string other = Written(SignedParts.Response);

        List<string> values = [.. CipherValues(one), .. CipherValues(other)];
        values.Count.ShouldBe(4);
        values.ShouldBeUnique();
        values[1][..16].ShouldNotBe(values[3][..16]);
    }

    [Fact]
    public void E2_CBC_is_not_written_without_a_signed_response() =>
        Should.Throw<ArgumentException>(() =>
            Written(SignedParts.Assertion, ContentEncryption.Aes256Cbc)
        );

    [Theory]
    [InlineData("ec")]
    [InlineData("weak")]
    public void S3_A_certificate_that_nothing_should_be_encrypted_for_is_refused(string name) =>
        Should.Throw<CryptographicException>(() =>
            EncryptionKey.FromCertificate(TestKeys.CertificateDer(name))
        );

    [Fact]
    public void A_created_decryption_key_survives_export_and_import()
    {
        using DecryptionKey created = DecryptionKey.Create(
            "Wiki",
            SampleResponses.Now,
            SampleResponses.Now.AddYears(1)
        );
        using DecryptionKey imported = DecryptionKey.Import(
            created.ExportPkcs8(),
            created.Certificate.RawData
        );
        using EncryptionKey key = EncryptionKey.FromCertificate(created.Certificate.RawData);

        Encoding
            .UTF8.GetString(
                ResponseWriter.Write(
                    SampleResponses.Ada with
                    {
                        Encryption = new AssertionEncryption(key),
                    },
                    TestKeys.IdentityProvider,
                    SignedParts.Response,
                    SignatureAlgorithm.RsaSha256
                )
            )
            .Validate(Sealing.Rules with { DecryptionKeys = [imported] })
            .ShouldBeAccepted();
    }

    private static bool IsCbc(ContentEncryption content) =>
        content is ContentEncryption.Aes128Cbc or ContentEncryption.Aes256Cbc;

    private static string Written(
        SignedParts parts,
        ContentEncryption content = ContentEncryption.Aes256Gcm,
        KeyEncryption transport = KeyEncryption.RsaOaepMgf1p
    ) =>
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                SampleResponses.Ada with
                {
                    Encryption = new AssertionEncryption(Key)
                    {
                        Content = content,
                        KeyTransport = transport,
                    },
                },
                TestKeys.IdentityProvider,
                parts,
                SignatureAlgorithm.RsaSha256
            )
        );

    private static IEnumerable<string> CipherValues(string xml)
    {
        const string tag = "<xenc:CipherValue>";
        for (
            int at = xml.IndexOf(tag, StringComparison.Ordinal);
            at >= 0;
            at = xml.IndexOf(tag, at + 1, StringComparison.Ordinal)
        )
            yield return xml[(at + tag.Length)..xml.IndexOf('<', at + 1)];
    }

    private static string RunXmlsec1(string xml, params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("latchkey-xmlsec1-").FullName;
        try
        {
            string input = Path.Combine(folder, "in.xml");
            string output = Path.Combine(folder, "out.xml");
            File.WriteAllText(input, xml, new UTF8Encoding(false));
            ProcessStartInfo start = new("xmlsec1")
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            foreach (string argument in (string[])[.. arguments, "--output", output, input])
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, errors);
            return File.ReadAllText(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
