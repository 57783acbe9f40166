using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>XML Encryption as other products and attackers write it, made with the platform's primitives only.</summary>
internal sealed record Sealing
{
    public const string Xenc = "http://www.w3.org/2001/04/xmlenc#";
    public const string Xenc11 = "http://www.w3.org/2009/xmlenc11#";

    /// <summary>The service provider's own key, and rules that have it.</summary>
    public static DecryptionKey Key { get; } =
        DecryptionKey.Import(
            TestKeys.PrivateKeyDer("test-only-sp"),
            TestKeys.CertificateDer("test-only-sp")
        );

    public static ResponseRules Rules { get; } =
        ReceivedResponses.Rules with
        {
            DecryptionKeys = [Key],
        };

    public string Cipher { get; init; } = Xenc11 + "aes256-gcm";

    public int KeyLength { get; init; } = 32;

    public bool Cbc => Cipher.Contains("cbc", StringComparison.Ordinal);

    /// <summary>The EncryptionMethod of the key: its algorithm, and what stands in it.</summary>
    public string Transport { get; init; } = Xenc + "rsa-oaep-mgf1p";

    public string TransportParameters { get; init; } = "";

    /// <summary>Encrypts the content key for a recipient's certificate.</summary>
    public Func<string, byte[], byte[]> Wrap { get; init; } =
        WithPadding(RSAEncryptionPadding.OaepSHA1);

    /// <summary>Whose certificates the key is encrypted for.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = ["test-only-sp"];

    /// <summary>Whether the keys stand behind the EncryptedData.</summary>
    public bool Beside { get; init; }

    /// <summary>What else stands in the KeyInfo.</summary>
    public string KeyInfo { get; init; } = "";

    public string Type { get; init; } = Xenc + "Element";

    /// <summary>Spoils the wrapped key, and the ciphertext with all that belongs to it.</summary>
    public Func<byte[], byte[]> SpoilKey { get; init; } = octets => octets;

    public Func<byte[], byte[]> SpoilContent { get; init; } = octets => octets;

    /// <summary>Encrypts the one assertion of a Response.</summary>
    public string Assertion(string xml) =>
        Element(xml, "saml:Assertion", "saml:EncryptedAssertion");

    /// <summary>Encrypts the first element of a name.</summary>
    public string Element(string xml, string name, string container)
    {
        int start = xml.IndexOf($"<{name} ", StringComparison.Ordinal);
        int end = xml.IndexOf($"</{name}>", start, StringComparison.Ordinal) + name.Length + 3;
        string element = xml[start..end];
        if (!element.Contains("xmlns:saml=", StringComparison.Ordinal))
            element = element.With(
                $"<{name} ",
                $"<{name} xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" "
            );
        return xml[..start] + Container(Encoding.UTF8.GetBytes(element), container) + xml[end..];
    }

    public string Container(byte[] plaintext, string container)
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeyLength);
        string keys = string.Concat(Recipients.Select(recipient => WrappedKey(recipient, key)));
        string inside = (Beside ? "" : keys) + KeyInfo;
        return $"""
            <{container} xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">
              <xenc:EncryptedData xmlns:xenc="{Xenc}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Type="{Type}">
                <xenc:EncryptionMethod Algorithm="{Cipher}"/>
                {(inside.Length == 0 ? "" : $"<ds:KeyInfo>{inside}</ds:KeyInfo>")}
                <xenc:CipherData><xenc:CipherValue>{Base64(
                SpoilContent(Seal(key, plaintext))
            )}</xenc:CipherValue></xenc:CipherData>
              </xenc:EncryptedData>{(Beside ? keys : "")}
            </{container}>
            """;
    }

    /// <summary>By a padding that the platform knows.</summary>
    public static Func<string, byte[], byte[]> WithPadding(RSAEncryptionPadding padding) =>
        (recipient, key) =>
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(
                TestKeys.CertificateDer(recipient)
            );
            using RSA rsa = certificate.GetRSAPublicKey()!;
            return rsa.Encrypt(key, padding);
        };

    private string WrappedKey(string recipient, byte[] key)
    {
        return $"""
            <xenc:EncryptedKey xmlns:xenc="{Xenc}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Recipient="{recipient}">
              <xenc:EncryptionMethod Algorithm="{Transport}">{TransportParameters}</xenc:EncryptionMethod>
              <xenc:CipherData><xenc:CipherValue>{Base64(
                SpoilKey(Wrap(recipient, key))
            )}</xenc:CipherValue></xenc:CipherData>
            </xenc:EncryptedKey>
            """;
    }

    private byte[] Seal(byte[] key, byte[] plaintext)
    {
        if (Cbc)
        {
            using Aes aes = Aes.Create();
            aes.Key = key;
            byte[] vector = RandomNumberGenerator.GetBytes(16);
            return [.. vector, .. aes.EncryptCbc(plaintext, vector, PaddingMode.ISO10126)];
        }
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] ciphertext = new byte[plaintext.Length];
        byte[] tag = new byte[16];
        using AesGcm gcm = new(key, tag.Length);
        gcm.Encrypt(nonce, plaintext, ciphertext, tag);
        return [.. nonce, .. ciphertext, .. tag];
    }

    // In lines, as many senders write it.
    private static string Base64(byte[] octets) =>
        Convert
            .ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks)
            .ReplaceLineEndings("\n");
}
