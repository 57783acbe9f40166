using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Certificates;

/// <summary>A key pair as an administrator hands it over.</summary>
/// <param name="Text">PEM: the certificate and its private key, in any order; others of a chain may stand beside.</param>
/// <param name="File">A file of PEM, or PKCS#12.</param>
/// <param name="Password">What opens the private key, if it is encrypted.</param>
internal sealed record HandedKeyPair(string? Text, byte[]? File, string? Password);

/// <summary>
/// A key pair that was not made here, read and matched when it comes in (J-28, J-38): what cannot sign is refused with the
/// reason, and nothing unreadable is ever stored. The private key is wiped with it.
/// </summary>
internal sealed class OwnKeyPair : IDisposable
{
    /// <summary>What an empty or a wrong password of PKCS#12 gives.</summary>
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <summary>In bytes; a pair with a whole chain has a few thousand.</summary>
    public const int LongestFile = 256 * 1024;

    private OwnKeyPair(byte[] pkcs8, X509Certificate2 certificate)
    {
        Pkcs8 = pkcs8;
        Certificate = certificate;
    }

    public byte[] Pkcs8 { get; }

    public X509Certificate2 Certificate { get; }

    public static Outcome<OwnKeyPair> Read(HandedKeyPair handed, DateTimeOffset now)
    {
        if (handed.File?.Length > LongestFile || handed.Text?.Length > LongestFile)
        {
            return new Problem("key-pair-too-long", "pair", LongestFile / 1024);
        }
        var text = handed.Text ?? "";
        if (handed.File is { Length: > 0 } file)
        {
            var asText = Encoding.Latin1.GetString(file);
            if (!asText.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                return Checked(FromPkcs12(file, handed.Password), now);
            }
            text += "\n" + asText;
        }
        return Checked(FromPem(text, handed.Password), now);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Pkcs8);
        Certificate.Dispose();
    }

    private static Outcome<OwnKeyPair> Checked(Outcome<OwnKeyPair> read, DateTimeOffset now)
    {
        if (read.Value is not { } pair)
        {
            return read;
        }
        var certificate = pair.Certificate;
        Problem? problem =
            CertificateText.KeyFault(certificate) is { } fault ? new(fault, "pair")
            : new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) <= now
                ? new(
                    "certificate-expired",
                    "pair",
                    certificate.NotAfter.ToUniversalTime().ToString("u")
                )
            : !Signs(pair) ? new("key-pair-mismatch", "pair")
            : null;
        if (problem is null)
        {
            return pair;
        }
        pair.Dispose();
        return problem;
    }

    /// <summary>Opens the pair as it will be opened to sign. What a PKCS#12 file puts together need not belong together.</summary>
    private static bool Signs(OwnKeyPair pair)
    {
        try
        {
            SigningKey.Import(pair.Pkcs8, pair.Certificate.RawDataMemory.Span).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Outcome<OwnKeyPair> FromPkcs12(byte[] file, string? password)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(
                file,
                password,
                X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet
            );
        }
        catch (CryptographicException e) when (e.HResult == WrongPassword)
        {
            return new Problem("key-password-wrong", "password");
        }
        catch (CryptographicException)
        {
            return new Problem("key-pair-unreadable", "pair");
        }
        var own = all.FirstOrDefault(c => c.HasPrivateKey);
        try
        {
            if (own is null)
            {
                return new Problem(
                    all.Count == 0 ? "key-pair-unreadable" : "private-key-missing",
                    "pair"
                );
            }
            using var rsa = own.GetRSAPrivateKey();
            using var ecdsa = own.GetECDsaPrivateKey();
            var pkcs8 = rsa?.ExportPkcs8PrivateKey() ?? ecdsa?.ExportPkcs8PrivateKey();
            return pkcs8 is null
                ? new Problem("certificate-key-kind", "pair")
                : new OwnKeyPair(pkcs8, X509CertificateLoader.LoadCertificate(own.RawData));
        }
        finally
        {
            foreach (var certificate in all)
            {
                certificate.Dispose();
            }
        }
    }

    private static Outcome<OwnKeyPair> FromPem(string text, string? password)
    {
        var certificates = new List<X509Certificate2>();
        try
        {
            string? key = null;
            var rest = text.AsSpan();
            while (PemEncoding.TryFind(rest, out var found))
            {
                var label = rest[found.Label];
                if (label is "CERTIFICATE" or "X509 CERTIFICATE")
                {
                    certificates.Add(
                        X509CertificateLoader.LoadCertificate(
                            Convert.FromBase64String(rest[found.Base64Data].ToString())
                        )
                    );
                }
                else if (label.EndsWith("PRIVATE KEY"))
                {
                    key ??= rest[found.Location].ToString();
                }
                rest = rest[found.Location.End..];
            }
            if (certificates.Count == 0)
            {
                return new Problem("key-pair-no-certificate", "pair");
            }
            if (key is null)
            {
                return new Problem("private-key-missing", "pair");
            }
            return Match(certificates, key, password);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return new Problem("certificate-unreadable", "pair");
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private static Outcome<OwnKeyPair> Match(
        List<X509Certificate2> certificates,
        string key,
        string? password
    )
    {
        var encrypted = key.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal);
        if (encrypted && string.IsNullOrEmpty(password))
        {
            return new Problem("key-password-wrong", "password");
        }
        using var rsa = RSA.Create();
        using var ecdsa = ECDsa.Create();
        AsymmetricAlgorithm? imported = null;
        foreach (AsymmetricAlgorithm candidate in (AsymmetricAlgorithm[])[rsa, ecdsa])
        {
            try
            {
                if (encrypted)
                {
                    candidate.ImportFromEncryptedPem(key, password);
                }
                else
                {
                    candidate.ImportFromPem(key);
                }
                imported = candidate;
                break;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Of the other kind, perhaps.
            }
        }
        if (imported is null)
        {
            return encrypted
                ? new Problem("key-password-wrong", "password")
                : new Problem("private-key-unreadable", "pair");
        }
        var publicKey = imported.ExportSubjectPublicKeyInfo();
        var own = certificates.Find(c =>
            c.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey)
        );
        return own is null
            ? new Problem("key-pair-mismatch", "pair")
            : new OwnKeyPair(
                imported.ExportPkcs8PrivateKey(),
                X509CertificateLoader.LoadCertificate(own.RawData)
            );
    }
}
