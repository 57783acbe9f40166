using System.Net;
using System.Net.Sockets;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>Says while a variable is typed whether the host that it makes exists. A warning at most: a name that only the inside knows is none here.</summary>
internal class HostLookup
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>The host of a variable's template with this value; null if the variable is about none.</summary>
    public static string? HostOf(ConnectorVariable variable, string value)
    {
        if (
            variable.Host is null
            || ConnectorTemplate.Fill(
                variable.Host,
                new Dictionary<string, string>(StringComparer.Ordinal) { [variable.Name] = value }
            )
                is not { } text
        )
        {
            return null;
        }
        var address = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : null;
    }

    /// <summary>Whether name servers know the host; null if they do not answer in time.</summary>
    public virtual async Task<bool?> ExistsAsync(string host, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            return (await Dns.GetHostAddressesAsync(host, patience.Token)).Length > 0;
        }
        catch (SocketException e)
            when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return false;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }
}
