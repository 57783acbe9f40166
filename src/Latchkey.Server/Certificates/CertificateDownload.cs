using System.Text;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Certificates;

/// <summary>An application's signing certificate as a file. The private key has no such way out (rule I6).</summary>
internal static class CertificateDownload
{
    public static Task<IResult> PemAsync(
        Guid id,
        ApplicationService applications,
        ApplicationQueries queries,
        CancellationToken cancellationToken
    ) =>
        AnswerAsync(
            id,
            applications,
            queries,
            "pem",
            "application/x-pem-file",
            der => Encoding.ASCII.GetBytes(CertificateText.Pem(der) + "\n"),
            cancellationToken
        );

    public static Task<IResult> DerAsync(
        Guid id,
        ApplicationService applications,
        ApplicationQueries queries,
        CancellationToken cancellationToken
    ) =>
        AnswerAsync(
            id,
            applications,
            queries,
            "der",
            "application/pkix-cert",
            der => der,
            cancellationToken
        );

    private static async Task<IResult> AnswerAsync(
        Guid id,
        ApplicationService applications,
        ApplicationQueries queries,
        string extension,
        string contentType,
        Func<byte[], byte[]> encode,
        CancellationToken cancellationToken
    )
    {
        var application = await applications.FindAsync(id, cancellationToken);
        var certificate = await queries.ActiveCertificateAsync(id, cancellationToken);
        return application is null || certificate is null
            ? Results.NotFound()
            : Results.Bytes(
                encode(certificate.Certificate),
                contentType,
                $"latchkey-{application.Slug}-certificate.{extension}"
            );
    }
}
