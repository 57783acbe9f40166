using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn.Lookup;
using Latchkey.Server.Storage;
using Npgsql;

namespace Latchkey.Server.SingleSignOn;

internal static class SingleSignOnServices
{
    public static IServiceCollection AddSingleSignOn(this IServiceCollection services)
    {
        services.AddSingleton<ApplicationRuntimes>();
        services.AddSingleton<ISignOnReader>(provider =>
            provider.GetService<NpgsqlDataSource>() is { } source
                ? new PostgresSignOnReader(source)
                : new SqliteSignOnReader(provider.GetRequiredService<DatabaseAddress>())
        );
        services.AddSingleton<SignOnLookup>();
        services.AddSingleton<NameIds>();
        services.AddSingleton<UserFactsReader>();
        services.AddSingleton<RequestIntake>();
        services.AddSingleton<ResponseComposer>();
        services.AddSingleton<SignOnEnding>();
        services.AddSingleton<SignOn>();
        services.AddSingleton<AutoPostPage>();
        services.AddSingleton<SignOnPages>();
        services.AddSingleton<SignOnEndpoint>();
        return services;
    }

    public static IEndpointRouteBuilder MapSingleSignOn(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<SignOnEndpoint>();
        // They read the session themselves, together with the application in one query, and decide who may do what: what
        // authenticates and authorizes for others would only be passed through.
        endpoints.MapGet("/saml2/{app}", endpoint.GetAsync).AllowAnonymous().ShortCircuit();
        endpoints.MapPost("/saml2/{app}", endpoint.PostAsync).AllowAnonymous().ShortCircuit();
        return endpoints;
    }
}
