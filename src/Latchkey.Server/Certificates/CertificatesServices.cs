namespace Latchkey.Server.Certificates;

internal static class CertificatesServices
{
    public static IServiceCollection AddCertificates(this IServiceCollection services)
    {
        services.AddSingleton<CertificateService>();
        services.AddScoped<CertificateRotation>();
        services.AddHostedService<CertificateClock>();
        return services;
    }
}
