using Latchkey.Server.Settings.Keys;
using Latchkey.Server.Storage;

namespace Latchkey.Server;

/// <summary>What happens between the building of the server and its first request, in this order.</summary>
internal static class ServerStart
{
    public static Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services
            .GetRequiredService<DatabaseStart>()
            .RunAsync(
                async ct =>
                {
                    await services.GetRequiredService<MasterKeySource>().OpenAsync(ct);
                    services.GetRequiredService<KeyRing>().Open();
                },
                cancellationToken
            );
}
