using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications;

internal static class ApplicationsServices
{
    public static IServiceCollection AddApplications(this IServiceCollection services)
    {
        services.AddSingleton<CertificateService>();
        services.AddSingleton<ApplicationQueries>();
        services.AddScoped<ApplicationService>();
        services.AddSingleton(provider =>
            FetchRules.For(provider.GetRequiredService<ServerOptions>())
        );
        services.AddSingleton<MetadataFetch>();
        services.AddSingleton<MetadataImport>();
        return services;
    }
}
