using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Bench.Http;

/// <summary>One kept-alive HTTP/1.1 connection that does as little as it can, so that what is measured is the server.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    public static async Task<Connection> OpenAsync(Uri address)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>Its head and body as text.</returns>
    public async Task<string> SendAsync(ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0)
            request = request[await _socket.SendAsync(request)..];
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            length += read;
            var head = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && IsWhole(_buffer.AsSpan(0, length), head))
                return Encoding.Latin1.GetString(_buffer, 0, length);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether the body has arrived: of the length that is said, or up to the chunk of none.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer, int head) =>
        answer[..head].IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : answer.Length >= head + 4 + BodyLength(answer[..head]);

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0)
            return 0;
        var value = head[(at + name.Length)..];
        var end = value.IndexOf((byte)'\r');
        return int.Parse(
            end < 0 ? value : value[..end],
            NumberStyles.None,
            CultureInfo.InvariantCulture
        );
    }
}
