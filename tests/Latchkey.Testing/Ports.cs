using System.Net;
using System.Net.Sockets;

namespace Latchkey.Testing;

/// <summary>Ports on the loopback interface.</summary>
public static class Ports
{
    /// <summary>A port that nobody listens on now. The system hands out another one each time, so two tests do not collide.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
