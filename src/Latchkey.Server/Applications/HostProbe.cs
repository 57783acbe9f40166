using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Latchkey.Server.Applications;

/// <summary>What became of a look at a host.</summary>
internal enum HostState
{
    /// <summary>It is there, and its certificate is trusted where it needs one.</summary>
    Fine,

    /// <summary>Name servers do not know it.</summary>
    Unknown,

    /// <summary>Only reachable from inside of a network: not looked at.</summary>
    Inside,

    /// <summary>Browsers would warn of its certificate.</summary>
    Distrusted,

    /// <summary>It did not answer in time.</summary>
    Silent,
}

/// <summary>
/// Looks while an address is typed whether its host exists and has a trusted certificate. A warning at most: this server
/// may stand elsewhere than the browsers that will go there. Under the same rules as <see cref="MetadataFetch"/>, and
/// nothing is sent beyond a TLS greeting.
/// </summary>
internal sealed class HostProbe(FetchRules rules)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <param name="address">An address that <see cref="EndpointUrl"/> has no fault with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HostState> LookAsync(Uri address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            var addresses = IPAddress.TryParse(address.DnsSafeHost, out var literal)
                ? [literal]
                : await rules.Resolve(address.IdnHost, patience.Token);
            if (addresses.Length == 0)
            {
                return HostState.Unknown;
            }
            if (!Array.TrueForAll(addresses, a => rules.Allows(a)))
            {
                return HostState.Inside;
            }
            await GreetAsync(address, addresses, patience.Token);
            return HostState.Fine;
        }
        catch (SocketException e)
            when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return HostState.Unknown;
        }
        catch (AuthenticationException)
        {
            return HostState.Distrusted;
        }
        catch (Exception e)
            when (e is SocketException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return HostState.Silent;
        }
    }

    private static async Task GreetAsync(
        Uri address,
        IPAddress[] addresses,
        CancellationToken cancellationToken
    )
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(addresses, address.Port, cancellationToken);
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            return;
        }
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = address.IdnHost },
            cancellationToken
        );
    }
}
