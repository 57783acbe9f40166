using Latchkey.Server.SignIn;

namespace Latchkey.Server.Certificates;

internal static class CertificatesServices
{
    public static IServiceCollection AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<SignatureCounts>();
        services.AddSingleton<KeyPairMaker>();
        services.AddSingleton<CertificateService>();
        services.AddSingleton<CertificateQueries>();
        services.AddSingleton<EndingCertificates>();
        services.AddScoped<CertificateRotation>();
        services.AddScoped<CertificateNotices>();
        services.AddScoped<PlannedSwitches>();
        services.AddSingleton<MetadataReadings>();
        services.AddHostedService(provider => provider.GetRequiredService<MetadataReadings>());
        services.AddHostedService<CertificateClock>();
        return services;
    }

    public static IEndpointRouteBuilder MapCertificates(this IEndpointRouteBuilder endpoints)
    {
        var certificates = endpoints
            .MapGroup("/admin/applications/{id:guid}")
            .RequireAuthorization(Access.Administrator);
        certificates.MapGet("/certificate.{form}", CertificateDownload.ActiveAsync);
        certificates.MapGet(
            "/certificates/{certificate:guid}.{form}",
            CertificateDownload.AnyAsync
        );
        return endpoints;
    }
}
