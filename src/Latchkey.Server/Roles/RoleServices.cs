using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Server.Roles;

internal static class RoleServices
{
    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, ByRoleHandler>();
        services.AddSingleton<Acting>();
        return services;
    }
}
