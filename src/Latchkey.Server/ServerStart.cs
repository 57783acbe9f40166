using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Settings;
using Latchkey.Server.Settings.Keys;
using Latchkey.Server.Settings.Setup;
using Latchkey.Server.Storage;

namespace Latchkey.Server;

/// <summary>What happens between the building of the server and its first request, in this order.</summary>
internal static class ServerStart
{
    /// <summary>All of it while the start's lock is held: of several nodes one does it, and the others find it done.</summary>
    /// <param name="services">The server's.</param>
    /// <param name="console">Takes what must be shown once and stands nowhere else.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task RunAsync(
        IServiceProvider services,
        TextWriter console,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<DatabaseStart>()
            .RunAsync(
                async ct =>
                {
                    await OpenKeysAsync(services, ct);
                    await CreateDemoAsync(services, console, ct);
                    await Bootstrap.RunAsync(services, ct);
                    await ShowSetupCodeAsync(services, console, ct);
                },
                cancellationToken
            );

    /// <summary>The database and its keys alone, for the commands that run beside a server.</summary>
    public static Task OpenAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services
            .GetRequiredService<DatabaseStart>()
            .RunAsync(ct => OpenKeysAsync(services, ct), cancellationToken);

    private static async Task OpenKeysAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<MasterKeySource>().OpenAsync(ct);
        services.GetRequiredService<KeyRing>().Open();
    }

    private static async Task CreateDemoAsync(
        IServiceProvider services,
        TextWriter console,
        CancellationToken ct
    )
    {
        var options = services.GetRequiredService<ServerOptions>();
        if (!options.Demo)
        {
            return;
        }
        await using var scope = services.CreateAsyncScope();
        var demo = scope.ServiceProvider.GetRequiredService<DemoOrganisation>();
        if (await demo.CreateAsync(ct) is not { } made)
        {
            return;
        }
        await console.WriteLineAsync("Demo organisation. These passwords are shown this once:");
        foreach (var (username, password) in made)
        {
            await console.WriteLineAsync($"  {username, -6} {password}");
        }
        await console.WriteLineAsync(
            $"Open {options.Address("/")} and sign in as ada, who is the administrator."
        );
    }

    private static async Task ShowSetupCodeAsync(
        IServiceProvider services,
        TextWriter console,
        CancellationToken ct
    )
    {
        var code = await services.GetRequiredService<SetupService>().PrepareAsync(ct);
        if (code is not null)
        {
            var options = services.GetRequiredService<ServerOptions>();
            await console.WriteLineAsync($"Setup code: {code}");
            await console.WriteLineAsync(
                $"Open {options.Address("/setup")} and enter it to create the first administrator. It is also in {Path.Combine(options.DataFolder, SetupCode.FileName)}."
            );
        }
    }
}
