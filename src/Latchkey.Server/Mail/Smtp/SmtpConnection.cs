using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Latchkey.Server.Mail.Smtp;

/// <summary>
/// One conversation with a mail server (RFC 5321): TLS as asked (RFC 3207, RFC 8314), AUTH PLAIN or LOGIN (RFC 4954), then any
/// number of mails. The framework's client knows no TLS from the start and calls itself not recommended, hence this one.
/// </summary>
internal sealed class SmtpConnection : IMailConnection
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SmtpAddress _server;
    private Stream _stream;
    private SmtpLines _lines;
    private HashSet<string> _offers = [];
    private string[] _mechanisms = [];

    private SmtpConnection(SmtpAddress server, Stream stream)
    {
        _server = server;
        _stream = stream;
        _lines = new SmtpLines(stream);
    }

    /// <summary>Connects, secures the connection and signs in.</summary>
    /// <param name="server">Where.</param>
    /// <param name="localName">How this server calls itself.</param>
    /// <param name="trust">Judges the server's certificate instead of the system; for tests.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MailNotSentException">It did not come about, and why.</exception>
    public static async Task<SmtpConnection> OpenAsync(
        SmtpAddress server,
        string localName,
        RemoteCertificateValidationCallback? trust,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        SmtpConnection? connection = null;
        try
        {
            var client = new TcpClient { NoDelay = true };
            try
            {
                await client.ConnectAsync(server.Host, server.Port, patience.Token);
            }
            catch
            {
                client.Dispose();
                throw;
            }
            connection = new SmtpConnection(server, client.GetStream());
            await connection.BeginAsync(localName, trust, patience.Token);
            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection._stream.DisposeAsync();
            }
            throw Explain(e, server, cancellationToken);
        }
    }

    /// <summary>Hands one mail over; on return the server has taken responsibility for it.</summary>
    /// <exception cref="MailNotSentException">It did not, and why.</exception>
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await HandOverAsync(mail, patience.Token);
        }
        catch (Exception e)
        {
            throw Explain(e, _server, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var briefly = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _lines.SendAsync("QUIT", briefly.Token);
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone already, which is what QUIT asks for.
        }
        await _stream.DisposeAsync();
    }

    private async Task BeginAsync(
        string localName,
        RemoteCertificateValidationCallback? trust,
        CancellationToken cancellationToken
    )
    {
        if (_server.Security == SmtpSecurity.Tls)
        {
            await SecureAsync(trust, cancellationToken);
        }
        Require("refused-greeting", await _lines.ReadAsync(cancellationToken));
        await HelloAsync(localName, cancellationToken);
        if (_server.Security == SmtpSecurity.StartTls)
        {
            if (!_offers.Contains("STARTTLS"))
            {
                throw new MailNotSentException(new MailError("no-starttls", $"{_server}"));
            }
            await AskAsync("STARTTLS", "STARTTLS", cancellationToken);
            if (_lines.HasUnread)
            {
                throw new MailNotSentException(new MailError("smuggled"));
            }
            await SecureAsync(trust, cancellationToken);
            // What was offered in the clear counts no more (RFC 3207 section 4.2).
            await HelloAsync(localName, cancellationToken);
        }
        if (_server.Username is not null)
        {
            await AuthenticateAsync(_server.Username, _server.Password ?? "", cancellationToken);
        }
    }

    private async Task SecureAsync(
        RemoteCertificateValidationCallback? trust,
        CancellationToken cancellationToken
    )
    {
        var secure = new SslStream(_stream, leaveInnerStreamOpen: false);
        // Owned from here on, so that a failed handshake closes the socket too.
        _stream = secure;
        _lines = new SmtpLines(secure);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _server.Host,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = trust,
            },
            cancellationToken
        );
    }

    private async Task HelloAsync(string localName, CancellationToken cancellationToken)
    {
        var reply = await AskAsync($"EHLO {localName}", "EHLO", cancellationToken);
        var lines = reply.Lines.Skip(1).Select(line => line.Split(' ')).ToList();
        _offers = [.. lines.Select(words => words[0].ToUpperInvariant())];
        _mechanisms =
        [
            .. lines
                .Where(words => words[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
                .SelectMany(words => words.Skip(1))
                .Select(word => word.ToUpperInvariant()),
        ];
    }

    private async Task AuthenticateAsync(
        string username,
        string password,
        CancellationToken cancellationToken
    )
    {
        if (_server.Security == SmtpSecurity.None && !_server.IsLoopback)
        {
            throw new MailNotSentException(new MailError("clear-password"));
        }
        if (_mechanisms.Contains("PLAIN"))
        {
            var both = Base64($"\0{username}\0{password}");
            await AskAsync($"AUTH PLAIN {both}", "AUTH PLAIN", cancellationToken);
        }
        else if (_mechanisms.Contains("LOGIN"))
        {
            await AskAsync("AUTH LOGIN", "AUTH LOGIN", cancellationToken);
            await AskAsync(Base64(username), "AUTH LOGIN", cancellationToken);
            await AskAsync(Base64(password), "AUTH LOGIN", cancellationToken);
        }
        else
        {
            throw new MailNotSentException(new MailError("no-auth", $"{_server}"));
        }
    }

    private async Task HandOverAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var eightBit = _offers.Contains("8BITMIME");
        var beyondAscii = !Ascii.IsValid(mail.To) || !Ascii.IsValid(mail.From.Address);
        if (beyondAscii && !_offers.Contains("SMTPUTF8"))
        {
            throw new MailNotSentException(
                new MailError("ascii-only", $"{_server}", mail.To),
                isFinal: true
            );
        }
        var from = $"MAIL FROM:<{mail.From.Address}>";
        from += eightBit ? " BODY=8BITMIME" : "";
        from += beyondAscii ? " SMTPUTF8" : "";
        try
        {
            await AskAsync(from, "MAIL FROM", cancellationToken);
            await AskAsync($"RCPT TO:<{mail.To}>", "RCPT TO", cancellationToken, final: true);
            await AskAsync("DATA", "DATA", cancellationToken);
        }
        catch (MailNotSentException)
        {
            // The conversation goes on with the next mail.
            await _lines.SendAsync("RSET", cancellationToken);
            await _lines.ReadAsync(cancellationToken);
            throw;
        }
        var content = MimeWriter.Write(mail, eightBit);
        await _lines.SendAsync(DotStuffed(content), cancellationToken);
        Require("refused-mail", await _lines.ReadAsync(cancellationToken), final: true);
    }

    /// <summary>The content with its dots doubled at the start of lines, and the dot that ends it (RFC 5321 section 4.5.2).</summary>
    private static byte[] DotStuffed(byte[] content)
    {
        var stuffed = new MemoryStream(content.Length + 64);
        var atStart = true;
        foreach (var b in content)
        {
            if (atStart && b == (byte)'.')
            {
                stuffed.WriteByte(b);
            }
            stuffed.WriteByte(b);
            atStart = b == (byte)'\n';
        }
        stuffed.Write(".\r\n"u8);
        return stuffed.ToArray();
    }

    private async Task<SmtpReply> AskAsync(
        string command,
        string shown,
        CancellationToken cancellationToken,
        bool final = false
    )
    {
        await _lines.SendAsync(command, cancellationToken);
        var reply = await _lines.ReadAsync(cancellationToken);
        Require("refused", reply, final, shown);
        return reply;
    }

    /// <param name="code">Of the error where the answer is no yes.</param>
    /// <param name="reply">What came.</param>
    /// <param name="final">Whether a 5xx is about this mail and not about how this server is set up, which somebody will mend.</param>
    /// <param name="shown">What was asked, without secrets; null where that is in the code.</param>
    private static void Require(
        string code,
        SmtpReply reply,
        bool final = false,
        string? shown = null
    )
    {
        if (!reply.IsPositive)
        {
            throw new MailNotSentException(
                shown is null
                    ? new MailError(code, $"{reply}")
                    : new MailError(code, shown, $"{reply}"),
                isFinal: final && reply.Code >= 500
            );
        }
    }

    private static string Base64(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Exception Explain(
        Exception e,
        SmtpAddress server,
        CancellationToken cancellationToken
    ) =>
        e switch
        {
            MailNotSentException => e,
            OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                new MailNotSentException(new MailError("silent", $"{server}"), inner: e),
            AuthenticationException => new MailNotSentException(
                new MailError("no-tls", $"{server}", Innermost(e)),
                inner: e
            ),
            SocketException or IOException => new MailNotSentException(
                new MailError("unreachable", $"{server}", Innermost(e)),
                inner: e
            ),
            _ => e,
        };

    private static string Innermost(Exception e) =>
        e.InnerException is null ? e.Message : Innermost(e.InnerException);
}
