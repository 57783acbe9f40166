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
        ApplicationCertificate certificate,
        bool uploaded = false
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
                uploaded,
                private_key = FieldChange.Masked,
            }
        );
}
