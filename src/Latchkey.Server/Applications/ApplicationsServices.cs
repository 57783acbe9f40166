using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications;

internal static class ApplicationsServices
{
    public static IServiceCollection AddApplications(this IServiceCollection services)
    {
        services.AddSingleton<Catalogue.ConnectorCatalogue>();
        services.AddSingleton<Catalogue.HostLookup>();
        services.AddSingleton<Catalogue.ApplicationGuides>();
        services.AddScoped<Handover.HandoverLinks>();
        services.AddCertificates();
        services.AddSingleton<ApplicationQueries>();
        services.AddSingleton<AccessQueries>();
        services.AddScoped<ApplicationAccess>();
        services.AddScoped<ApplicationService>();
        services.AddScoped<ApplicationActivation>();
        services.AddScoped<GroupGrants>();
        services.AddSingleton(provider =>
            FetchRules.For(provider.GetRequiredService<ServerOptions>())
        );
        services.AddSingleton<MetadataFetch>();
        services.AddSingleton<HostProbe>();
        services.AddSingleton<Preview.PreviewKeys>();
        services.AddSingleton<Preview.ResponsePreviews>();
        services.AddSingleton<Preview.TriedSignIns>();
        services.AddSingleton<Mapping.SampleReader>();
        services.AddScoped<Pages.FormChecks>();
        services.AddSingleton<MetadataImport>();
        services.AddScoped<Differences.MetadataProposals>();
        services.AddScoped<Following.MetadataFollowing>();
        services.AddScoped<Following.MetadataRefresh>();
        services.AddScoped<Following.FollowingAlarms>();
        services.AddSingleton<Following.FollowedValidity>();
        services.AddHostedService<Following.FollowingClock>();
        return services;
    }

    public static IEndpointRouteBuilder MapApplications(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/saml2/{app}/metadata", IdpMetadata.AnswerAsync).AllowAnonymous();
        endpoints.MapCertificates();
        return endpoints;
    }
}
