using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Certificates;

/// <summary>Signing certificates, below <c>/api/v1/applications/{application}/certificates</c>.</summary>
internal static class CertificateEndpoints
{
    public const string Pem = "application/x-pem-file";
    public const string Der = "application/pkix-cert";

    private const string Path = "/applications/{application}/certificates";

    public static void MapCertificateApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/certificates",
            ApiOperation.List<CertifiedApplicationBody>(
                "listAllCertificates",
                ApiScopes.CertificatesRead,
                ApiParameter.Search
            ),
            (HttpRequest request, CertificateCalls calls, CancellationToken ct) =>
                calls.ListAllAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/applications/{application}/metadata-readings",
            new("listMetadataReadings", ApiScopes.CertificatesRead)
            {
                Answer = typeof(MetadataReadingsBody),
                Refusals = [404],
            },
            (string application, CertificateCalls calls, CancellationToken ct) =>
                calls.ReadingsAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Path,
            new("listCertificates", ApiScopes.CertificatesRead)
            {
                Answer = typeof(CertificatesBody),
                Refusals = [404],
            },
            (string application, CertificateCalls calls, CancellationToken ct) =>
                calls.ListAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Path,
            Change("startRotation") with
            {
                Body = typeof(NewCertificateBody),
                Example = """{"key": "rsa-2048"}""",
                Refusals = [404, 415],
            },
            (
                string application,
                HttpRequest request,
                CertificateCalls calls,
                CancellationToken ct
            ) => calls.StartAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Path + "/own",
            Change("addOwnCertificate") with
            {
                Body = typeof(OwnCertificateBody),
                Example =
                    """{"pem": "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n"}""",
                Refusals = [404, 415],
            },
            (
                string application,
                HttpRequest request,
                CertificateCalls calls,
                CancellationToken ct
            ) => calls.AddOwnAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Path + "/switch",
            Change("switchCertificate") with
            {
                Body = typeof(SwitchBody),
                Example = """{"at": "2027-01-31T18:00:00Z"}""",
                Refusals = [404, 415],
            },
            (
                string application,
                HttpRequest request,
                CertificateCalls calls,
                CancellationToken ct
            ) => calls.SwitchAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Path + "/undo",
            Change("undoRotation"),
            (string application, CertificateCalls calls, CancellationToken ct) =>
                calls.UndoAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Path + "/{certificate}",
            Change("retireCertificate"),
            (
                string application,
                string certificate,
                CertificateCalls calls,
                CancellationToken ct
            ) => calls.RetireAsync(application, certificate, ct)
        );
        Download(api, "/pem", "downloadCertificatePem", Pem, pem: true);
        Download(api, "/der", "downloadCertificateDer", Der, pem: false);
    }

    private static void Download(
        IEndpointRouteBuilder api,
        string ending,
        string name,
        string type,
        bool pem
    ) =>
        api.MapCall(
            HttpMethod.Get,
            Path + "/{certificate}" + ending,
            new(name, ApiScopes.CertificatesRead) { ContentType = type, Refusals = [404] },
            (
                string application,
                string certificate,
                CertificateCalls calls,
                CancellationToken ct
            ) => calls.DownloadAsync(application, certificate, pem, ct)
        );

    private static ApiOperation Change(string name) =>
        new(name, ApiScopes.CertificatesWrite)
        {
            Answer = typeof(CertificatesBody),
            Refusals = [404],
        };
}
