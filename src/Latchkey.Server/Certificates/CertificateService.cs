using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Microsoft.AspNetCore.DataProtection;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Makes and opens the key pairs that sign for applications, one an application. The private key exists in the
/// clear only in this process's memory; at rest it is protected, and nothing reads it back out (J-20, rule I6).
/// </summary>
internal sealed class CertificateService(
    IDataProtectionProvider protection,
    SignatureCounts counts,
    KeyPairMaker keys,
    TimeProvider time
)
{
    // Part of the key derivation: changing it makes every stored key unreadable.
    private const string Purpose = "Latchkey.Server.Certificates.PrivateKey.v1";

    private const int Years = 3;

    /// <summary>X.520 bounds the common name.</summary>
    private const int MaxCommonName = 64;

    /// <summary>A new signing key with a certificate of three years, self-signed. The caller stores it, and says from when it signs.</summary>
    public ApplicationCertificate Create(Application application, KeyChoice? choice = null)
    {
        choice ??= KeyChoice.Standard;
        // A service provider whose clock lags a little must not find the certificate "not yet valid".
        var now = time.GetUtcNow();
        var notBefore = new DateTimeOffset(
            now.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            TimeSpan.Zero
        ).AddMinutes(-5);
        var notAfter = notBefore.AddYears(Years);
        using var key = keys.Make(CommonName(application), notBefore, notAfter, choice);
        var pkcs8 = key.ExportPkcs8();
        try
        {
            return Store(application, pkcs8, key.Certificate);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>A key pair as it is stored.</summary>
    /// <param name="application">Whose it is.</param>
    /// <param name="pkcs8">The private key; the caller wipes it.</param>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="uploaded">Whether it was made elsewhere.</param>
    public ApplicationCertificate Store(
        Application application,
        byte[] pkcs8,
        X509Certificate2 certificate,
        bool uploaded = false
    ) =>
        new()
        {
            ApplicationId = application.Id,
            Uploaded = uploaded,
            Certificate = certificate.RawData,
            ProtectedPrivateKey = Protector(application.Id).Protect(pkcs8),
            NotBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            CreatedAt = time.GetUtcNow(),
        };

    /// <summary>The key, ready to sign, each signature counted. Opened once and kept by the caller; it cannot be exported.</summary>
    /// <exception cref="CryptographicException">The key ring that protected it is not there any more.</exception>
    public SigningKey OpenSigningKey(ApplicationCertificate certificate)
    {
        var pkcs8 = Protector(certificate.ApplicationId).Unprotect(certificate.ProtectedPrivateKey);
        try
        {
            return counts.Counted(
                SigningKey.Import(pkcs8, certificate.Certificate),
                certificate.Id
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    // Bound to its application: a key moved to another row cannot be opened there.
    private IDataProtector Protector(Guid applicationId) =>
        protection.CreateProtector(Purpose, applicationId.ToString());

    private static string CommonName(Application application)
    {
        var name =
            Uri.TryCreate(application.IdpEntityId, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
                ? $"{uri.Host} {application.Label}"
                : application.Label;
        if (name.Length <= MaxCommonName)
        {
            return name;
        }
        var length = char.IsHighSurrogate(name[MaxCommonName - 1])
            ? MaxCommonName - 1
            : MaxCommonName;
        return name[..length].TrimEnd();
    }
}
