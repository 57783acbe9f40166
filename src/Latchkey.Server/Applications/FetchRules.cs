using System.Net;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications;

/// <summary>
/// Where metadata may be fetched from, and how names are resolved. Loopback, also by plain http, is open only
/// while the server's own public address is loopback: on a developer's machine, where everything is.
/// </summary>
internal sealed record FetchRules
{
    public bool AllowLoopback { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public int MaxRedirects { get; init; } = 3;

    /// <summary>Asked once a connection; what it answers is checked, and exactly that is connected to.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } =
        Dns.GetHostAddressesAsync;

    /// <summary>Whether an address may be connected to.</summary>
    public Func<IPAddress, bool> Allows { get; init; } = PublicAddress.IsPublic;

    public static FetchRules For(ServerOptions server)
    {
        var local = EndpointUrl.IsLoopback(server.PublicUrl);
        return new FetchRules
        {
            AllowLoopback = local,
            Allows = local
                ? address => IPAddress.IsLoopback(address) || PublicAddress.IsPublic(address)
                : PublicAddress.IsPublic,
        };
    }
}
