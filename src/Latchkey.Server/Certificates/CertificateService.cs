using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Microsoft.AspNetCore.DataProtection;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Makes and opens the key pairs that sign for applications, one an application. The private key exists in the
/// clear only in this process's memory; at rest it is protected, and nothing reads it back out (J-20, rule I6).
/// </summary>
internal sealed class CertificateService(IDataProtectionProvider protection, TimeProvider time)
{
    // Part of the key derivation: changing it makes every stored key unreadable.
    private const string Purpose = "Latchkey.Server.Certificates.PrivateKey.v1";

    private const int Years = 3;

    /// <summary>X.520 bounds the common name.</summary>
    private const int MaxCommonName = 64;

    /// <summary>A new signing key: RSA-2048, SHA-256, three years, self-signed. The caller stores it.</summary>
    public ApplicationCertificate Create(Application application)
    {
        // A service provider whose clock lags a little must not find the certificate "not yet valid".
        var now = time.GetUtcNow();
        var notBefore = new DateTimeOffset(
            now.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            TimeSpan.Zero
        ).AddMinutes(-5);
        var notAfter = notBefore.AddYears(Years);
        using var key = SigningKey.Create(CommonName(application), notBefore, notAfter);
        var pkcs8 = key.ExportPkcs8();
        try
        {
            return new ApplicationCertificate
            {
                ApplicationId = application.Id,
                Certificate = key.Certificate.RawData,
                ProtectedPrivateKey = Protector(application.Id).Protect(pkcs8),
                NotBefore = notBefore,
                NotAfter = notAfter,
                Active = true,
                CreatedAt = now,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The key, ready to sign. Imported once and kept by the caller.</summary>
    /// <exception cref="CryptographicException">The key ring that protected it is not there any more.</exception>
    public SigningKey OpenSigningKey(ApplicationCertificate certificate)
    {
        var pkcs8 = Protector(certificate.ApplicationId).Unprotect(certificate.ProtectedPrivateKey);
        try
        {
            return SigningKey.Import(pkcs8, certificate.Certificate);
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
