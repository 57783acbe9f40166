namespace Latchkey.Server.SingleLogout;

internal static class SingleLogoutServices
{
    public static IServiceCollection AddSingleLogout(this IServiceCollection services)
    {
        services.AddSingleton<LogoutIntake>();
        services.AddSingleton<SessionMatch>();
        services.AddSingleton<LogoutStart>();
        services.AddSingleton<Logouts>();
        services.AddSingleton<LogoutRecord>();
        services.AddSingleton<LogoutRequests>();
        services.AddSingleton<BackChannel>();
        services.AddSingleton<BackChannelRounds>();
        services.AddSingleton<FrontChannel>();
        services.AddSingleton<LogoutAnswers>();
        services.AddSingleton<LogoutChain>();
        services.AddSingleton<RequestedLogout>();
        services.AddSingleton<PortalLogout>();
        services.AddSingleton<SingleLogoutEndpoint>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService<BackChannelClock>();
        return services;
    }

    public static IEndpointRouteBuilder MapSingleLogout(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<SingleLogoutEndpoint>();
        endpoints.MapGet("/saml2/{app}/logout", endpoint.GetAsync).AllowAnonymous();
        endpoints.MapPost("/saml2/{app}/logout", endpoint.PostAsync).AllowAnonymous();
        var chain = endpoints.ServiceProvider.GetRequiredService<LogoutChain>();
        endpoints.MapGet("/sign-out/next", chain.GetAsync).AllowAnonymous();
        return endpoints;
    }
}
