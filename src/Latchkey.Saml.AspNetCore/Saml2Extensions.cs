using Latchkey.Saml.AspNetCore;
using Latchkey.Saml.AspNetCore.Replay;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SAML 2.0 sign-in to an application.</summary>
public static class Saml2Extensions
{
    /// <summary>Adds the scheme <see cref="Saml2Defaults.AuthenticationScheme"/>, set up by <c>Authentication:Schemes:Saml2</c> in configuration.</summary>
    public static AuthenticationBuilder AddSaml2(this AuthenticationBuilder builder) =>
        builder.AddSaml2(_ => { });

    /// <summary>Adds the scheme <see cref="Saml2Defaults.AuthenticationScheme"/>.</summary>
    public static AuthenticationBuilder AddSaml2(
        this AuthenticationBuilder builder,
        Action<Saml2Options> configureOptions
    ) => builder.AddSaml2(Saml2Defaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds a scheme: one connection to one identity provider. Call it once for each.</summary>
    public static AuthenticationBuilder AddSaml2(
        this AuthenticationBuilder builder,
        string authenticationScheme,
        Action<Saml2Options> configureOptions
    ) => builder.AddSaml2(authenticationScheme, Saml2Defaults.DisplayName, configureOptions);

    /// <summary>Adds a scheme with a name for people.</summary>
    public static AuthenticationBuilder AddSaml2(
        this AuthenticationBuilder builder,
        string authenticationScheme,
        string? displayName,
        Action<Saml2Options> configureOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISaml2ReplayCache, MemoryReplayCache>();
        services.TryAddSingleton<Saml2Paths>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<Saml2Options>, Saml2ConfigureOptions>()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IPostConfigureOptions<Saml2Options>,
                Saml2PostConfigureOptions
            >()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IPostConfigureOptions<AuthenticationOptions>,
                Saml2AuthenticationDefaults
            >()
        );
        builder.AddRemoteScheme<Saml2Options, Saml2Handler>(
            authenticationScheme,
            displayName,
            configureOptions
        );

        // A wrong setting stops the start instead of the first sign-in.
        services.AddOptions<Saml2Options>(authenticationScheme).ValidateOnStart();
        return builder;
    }

    /// <summary>Adds a health check that is degraded while the identity provider's metadata cannot be refreshed and unhealthy when no sign-in is possible.</summary>
    public static IHealthChecksBuilder AddSaml2(
        this IHealthChecksBuilder builder,
        string authenticationScheme = Saml2Defaults.AuthenticationScheme
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(
            new(
                $"saml2:{authenticationScheme}",
                services => new Saml2HealthCheck(
                    services.GetRequiredService<IOptionsMonitor<Saml2Options>>(),
                    authenticationScheme
                ),
                failureStatus: null,
                tags: null
            )
        );
    }
}
