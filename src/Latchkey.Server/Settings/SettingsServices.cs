using Latchkey.Server.Settings.Keys;
using Latchkey.Server.Settings.Setup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;

namespace Latchkey.Server.Settings;

internal static class SettingsServices
{
    public static IServiceCollection AddSettings(
        this IServiceCollection services,
        ServerOptions options
    )
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);

        services.AddSingleton<SetupCode>();
        services.AddSingleton<SetupService>();
        services.AddScoped<DemoOrganisation>();

        services.AddSingleton<MasterKeySource>();
        services.AddSingleton<KeyRingRepository>();
        services.AddSingleton<KeyRingXmlEncryptor>();
        services.AddSingleton<KeyRing>();
        // The name is part of every key's purpose: changing it locks what is encrypted.
        services.AddDataProtection().SetApplicationName("Latchkey");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<KeyRingRepository, KeyRingXmlEncryptor>(
                (keys, repository, encryptor) =>
                {
                    keys.XmlRepository = repository;
                    keys.XmlEncryptor = encryptor;
                }
            );
        return services;
    }

    /// <summary>The client's address and scheme as a trusted proxy tells them; its host never counts, the public address is configured.</summary>
    public static void UseTrustedProxies(this WebApplication app, ServerOptions options)
    {
        if (options.TrustedProxies.Count == 0)
        {
            return;
        }
        var headers = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Through as many proxies as are trusted, and not one further.
            ForwardLimit = null,
        };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedProxies)
        {
            headers.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(headers);
    }
}
