using Latchkey.Server.Applications;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Certificates;

/// <summary>What events tell of certificates: fingerprints and times, never a key.</summary>
internal static class CertificateEvents
{
    public static Event Of(
        EventRecorder events,
        string type,
        Application application,
        object details
    ) =>
        events.New(
            type,
            success: true,
            subject: new EventSubject("application", application.Id, application.Label),
            details: details,
            applicationId: application.Id
        );

    /// <summary>That a key pair came in, made here or by somebody else.</summary>
    public static Event Created(
        EventRecorder events,
        Application application,
        ApplicationCertificate certificate
    ) =>
        Of(
            events,
            EventTypes.CertificateCreate,
            application,
            new
            {
                sha256 = CertificateText.Sha256(certificate.Certificate),
                not_before = certificate.NotBefore,
                not_after = certificate.NotAfter,
                signs_from = certificate.SignsFrom,
                uploaded = certificate.Uploaded,
                private_key = FieldChange.Masked,
            }
        );

    /// <summary>That a key is destroyed.</summary>
    public static Event Deleted(
        EventRecorder events,
        Application application,
        ApplicationCertificate certificate
    ) =>
        Of(
            events,
            EventTypes.CertificateDelete,
            application,
            new
            {
                sha256 = CertificateText.Sha256(certificate.Certificate),
                signed_from = certificate.SignsFrom,
                retire_at = certificate.RetireAt,
            }
        );

    /// <summary>That another certificate signs, will sign, or will not after all.</summary>
    /// <param name="events">Makes them.</param>
    /// <param name="type">Which of these.</param>
    /// <param name="application">Whose.</param>
    /// <param name="from">The one before; null where it is not there any more.</param>
    /// <param name="to">The one after.</param>
    /// <param name="at">The time that was planned; null for now.</param>
    public static Event Switched(
        EventRecorder events,
        string type,
        Application application,
        ApplicationCertificate? from,
        ApplicationCertificate to,
        DateTimeOffset? at
    ) =>
        Of(
            events,
            type,
            application,
            new
            {
                at,
                changes = new List<FieldChange>
                {
                    new(
                        "certificate",
                        from is null ? null : CertificateText.Sha256(from.Certificate),
                        CertificateText.Sha256(to.Certificate)
                    ),
                },
            }
        );
}
