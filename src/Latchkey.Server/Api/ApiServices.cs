using System.Text.Json;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Server.Api;

internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddScoped<ApiTokenService>();
        services.AddScoped<DeclarationService>();
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiTokenAuthenticationHandler>(
                ApiAccess.TokenScheme,
                null
            );
        services
            .AddAuthorizationBuilder()
            .AddPolicy(
                ApiAccess.Policy,
                p =>
                    p.AddAuthenticationSchemes(ApiAccess.TokenScheme)
                        .RequireAuthenticatedUser()
                        .AddRequirements(new ByRole())
            );
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower
        );
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").RequireAuthorization(ApiAccess.Policy);
        api.MapApply();
        api.MapApplicationApi();
    }
}
