using Latchkey.Server.SignIn;

namespace Latchkey.Server.Portal;

internal static class PortalServices
{
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddSingleton<PortalTiles>();
        return services;
    }

    public static IEndpointRouteBuilder MapPortal(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/logos/{app}", LogoEndpoint.GetAsync).RequireAuthorization(Access.User);
        return endpoints;
    }
}
