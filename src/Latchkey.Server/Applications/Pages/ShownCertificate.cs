using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications.Pages;

/// <summary>A certificate in every form that a service provider may ask for (K-07).</summary>
internal sealed record ShownCertificate(
    string Pem,
    string Base64,
    string Sha1,
    string Sha256,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    int DaysLeft
)
{
    /// <summary>The whole PEM text, lines included, once more in base64: what Dex calls caData.</summary>
    public string Base64OfPem => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Pem));

    /// <summary>The distances at which certificates are worth a look (ux.md flow C).</summary>
    public string Badge =>
        DaysLeft switch
        {
            <= 7 => "lk-tag-bad",
            <= 60 => "lk-tag-warn",
            _ => "lk-tag-ok",
        };

    public static ShownCertificate Of(ApplicationCertificate certificate, DateTimeOffset now) =>
        new(
            CertificateText.Pem(certificate.Certificate) + "\n",
            Convert.ToBase64String(certificate.Certificate),
            CertificateText.Sha1(certificate.Certificate),
            CertificateText.Sha256(certificate.Certificate),
            certificate.NotBefore,
            certificate.NotAfter,
            (int)Math.Floor((certificate.NotAfter - now).TotalDays)
        );
}
