using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Certificates;
using Latchkey.Server.Api.Connectors;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.Events;
using Latchkey.Server.Api.Export;
using Latchkey.Server.Api.Groups;
using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Api.Mails;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Overview;
using Latchkey.Server.Api.Sessions;
using Latchkey.Server.Api.Settings;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Api.Users;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Server.Api;

internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddScoped<ApiTokenService>();
        services.AddScoped<DeclarationService>();
        services.AddScoped<ApplyCalls>();
        services.AddScoped<OrganizationExport>();
        services.AddScoped<ExportedSettings>();
        services.AddScoped<ApplicationSources>();
        services.AddScoped<Refusal>();
        services.AddScoped<Names>();
        services.AddScoped<Together>();
        services.AddScoped<ApplicationCalls>();
        services.AddScoped<GrantCalls>();
        services.AddScoped<HandoverCalls>();
        services.AddScoped<PreviewCalls>();
        services.AddScoped<MetadataCalls>();
        services.AddScoped<GroupCalls>();
        services.AddScoped<UserCalls>();
        services.AddScoped<AccountCalls>();
        services.AddScoped<BulkCalls>();
        services.AddScoped<FactorCalls>();
        services.AddScoped<SessionCalls>();
        services.AddScoped<AttributeCalls>();
        services.AddScoped<EventCalls>();
        services.AddScoped<ConnectorCalls>();
        services.AddScoped<TokenCalls>();
        services.AddScoped<MailCalls>();
        services.AddSettingsApi();
        services.AddScoped<CertificateCalls>();
        services.AddSingleton<ApiOperations>();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<CurlLine>();
        services.AddHostedService<IdempotencyHousekeeping>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
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
                        .AddRequirements(new ByRole(), new ScopeRequirement())
            );
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").RequireAuthorization(ApiAccess.Policy);
        api.MapExport();
        api.MapApply();
        api.MapApplicationApi();
        api.MapGrantApi();
        api.MapCertificateApi();
        api.MapHandoverApi();
        PreviewCalls.Map(api);
        api.MapMetadataApi();
        api.MapGroupApi();
        api.MapUserApi();
        BulkCalls.Map(api);
        FactorCalls.Map(api);
        SessionCalls.Map(api);
        AttributeCalls.Map(api);
        EventCalls.Map(api);
        OverviewCalls.Map(api);
        ConnectorCalls.Map(api);
        api.MapSettingsApi();
        MailCalls.Map(api);
        TokenCalls.Map(api);
        // The same for every installation but for its address: it tells nobody anything.
        endpoints
            .MapGet(
                "/openapi/v1.json",
                (OpenApiDocument document) => Results.Text(document.Text(), "application/json")
            )
            .AllowAnonymous();
    }
}
