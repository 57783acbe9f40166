using Latchkey.Saml.Protocol;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Account;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Latchkey.Server.SignIn;

internal static class SignInServices
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new SignInLimits());
        services.TryAddSingleton(IdSource.Random);
        services.AddPasswords();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SignInStates>();
        services.AddSingleton<SignInDemands>();
        services.AddScoped<SignInProgress>();
        services.AddScoped<SignInDispatcher>();
        services.AddFactors();
        services.AddScoped<OwnPassword>();
        services.AddScoped<FreshProof>();
        services.AddHostedService<SignInHousekeeping>();
        services.AddSessions();
        services.AddSingleton<SignInCookies>();

        services
            .AddAuthentication(Access.SessionScheme)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthenticationHandler>(
                Access.SessionScheme,
                null
            );
        services
            .AddAuthorizationBuilder()
            .AddPolicy(
                Access.User,
                p => p.AddAuthenticationSchemes(Access.SessionScheme).RequireAuthenticatedUser()
            )
            .AddPolicy(
                Access.Administrator,
                p =>
                    p.AddAuthenticationSchemes(Access.SessionScheme)
                        .RequireAuthenticatedUser()
                        .AddRequirements(new ByRole())
            );
        // After the framework's own set-up, which begins with an empty list.
        services.PostConfigure<RazorPagesOptions>(o => o.Conventions.Add(new PagesAreClosed()));
        return services;
    }
}
