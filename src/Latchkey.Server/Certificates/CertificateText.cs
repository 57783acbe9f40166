using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Keys;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Certificates as people paste them: PEM with marker lines, the base64 between them, or base64 of the whole PEM
/// (K-07). Parsed when saved, so that nothing unreadable is ever stored (J-28).
/// </summary>
internal static partial class CertificateText
{
    /// <summary>A text longer than this holds no certificates that anybody uses.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MinimumRsaBits = 2048;

    /// <summary>Every certificate in the text as base64 of DER, or the problem code that says why not.</summary>
    public static bool TryParse(
        string text,
        out IReadOnlyList<string> certificates,
        [NotNullWhen(false)] out string? fault
    )
    {
        certificates = [];
        if (text.Length > MaxLength)
        {
            fault = "certificate-too-long";
            return false;
        }
        var found = new List<string>();
        foreach (var block in Blocks(text))
        {
            fault = Read(block, out var der);
            if (fault is not null)
            {
                return false;
            }
            found.Add(Convert.ToBase64String(der!));
        }
        fault = found.Count == 0 ? "certificate-unreadable" : null;
        certificates = found;
        return fault is null;
    }

    /// <summary>What is wrong with a certificate's key, as a problem code, or null.</summary>
    public static string? KeyFault(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa?.KeySize < MinimumRsaBits)
            {
                return "certificate-key-short";
            }
            // The last word is the core's, which asks the same question whenever it signs or verifies.
            VerificationKey.FromCertificate(certificate.RawDataMemory.Span).Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return "certificate-key-kind";
        }
    }

    /// <summary>Whether assertions can be encrypted to the key of a certificate.</summary>
    /// <param name="certificate">Base64 of DER.</param>
    public static bool IsForEncryption(string certificate)
    {
        try
        {
            EncryptionKey.FromCertificate(Convert.FromBase64String(certificate)).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>With marker lines and lines of 64 characters.</summary>
    public static string Pem(ReadOnlySpan<byte> der) => PemEncoding.WriteString("CERTIFICATE", der);

    /// <summary>Hexadecimal pairs with colons, as administrators compare them.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> hash) =>
        string.Join(':', Convert.ToHexString(hash).Chunk(2).Select(pair => new string(pair)));

    public static string Sha256(ReadOnlySpan<byte> der) => Fingerprint(SHA256.HashData(der));

    /// <summary>Only an identifier to compare by eye; some service providers ask for it (K-07).</summary>
    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "A fingerprint that service providers still ask for; nothing trusts it."
    )]
    public static string Sha1(ReadOnlySpan<byte> der) => Fingerprint(SHA1.HashData(der));

    private static IEnumerable<string> Blocks(string text)
    {
        var unwrapped = UnwrapBase64OfPem(text);
        var pems = PemBlock().Matches(unwrapped);
        return pems.Count > 0 ? pems.Select(match => match.Groups["body"].Value) : [unwrapped];
    }

    /// <summary>Kubernetes-minded service providers hand out base64 of the whole PEM file.</summary>
    private static string UnwrapBase64OfPem(string text)
    {
        if (text.Contains("-----", StringComparison.Ordinal))
        {
            return text;
        }
        return Decode(text) is { } bytes && bytes.AsSpan().StartsWith("-----BEGIN"u8)
            ? Encoding.ASCII.GetString(bytes)
            : text;
    }

    private static string? Read(string base64, out byte[]? der)
    {
        der = Decode(base64);
        if (der is null || der.Length == 0)
        {
            return "certificate-unreadable";
        }
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            // What the loader made of it, so that nothing behind the certificate is kept.
            der = certificate.RawData;
            return KeyFault(certificate);
        }
        catch (CryptographicException)
        {
            return "certificate-unreadable";
        }
    }

    private static byte[]? Decode(string base64)
    {
        var buffer = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, buffer, out var length)
            ? buffer[..length]
            : null;
    }

    [GeneratedRegex(
        "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(?<body>[A-Za-z0-9+/=\\s]*)-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PemBlock();
}
