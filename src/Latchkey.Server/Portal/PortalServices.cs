using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Portal.Settings;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Portal;

internal static class PortalServices
{
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddSingleton<PortalTiles>();
        services.AddSingleton<PortalFavorites>();
        services.AddSingleton<BrandReader>();
        services.AddScoped<BrandLogos>();
        services.AddScoped<PortalSettingsService>();
        return services;
    }

    public static IEndpointRouteBuilder MapPortal(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/logos/{app}", LogoEndpoint.GetAsync).RequireAuthorization(Access.User);
        endpoints
            .MapGet(BookmarkEndpoint.AddressOf("{app}"), BookmarkEndpoint.OpenAsync)
            .RequireAuthorization(Access.User);
        endpoints.MapBrand();
        return endpoints;
    }
}
