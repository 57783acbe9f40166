using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Server.Mail.Smtp;

namespace Latchkey.Server.Tests.Mail;

/// <summary>A mail server on loopback that speaks as much SMTP as there is to show, and keeps what it was given.</summary>
internal sealed class TestMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _asked = new();
    private readonly Task _running;

    public TestMailServer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public SmtpSecurity Security { get; init; } = SmtpSecurity.None;

    /// <summary>What it says it can do, besides STARTTLS.</summary>
    public string[] Offers { get; init; } = ["8BITMIME"];

    /// <summary>Its answer to RCPT TO.</summary>
    public string RecipientAnswer { get; set; } = "250 ok";

    /// <summary>What follows the answer to STARTTLS in the clear.</summary>
    public string Smuggled { get; init; } = "";

    /// <summary>Whether it says nothing more once it was asked to take a mail.</summary>
    public bool Hangs { get; set; }

    /// <summary>Done when it was asked to take a mail for the first time.</summary>
    public Task Asked => _asked.Task;

    public X509Certificate2 Certificate { get; } = MakeCertificate();

    public List<string> Mails { get; } = [];

    public List<string> Commands { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public SmtpAddress Address(string? username = null, string? password = null) =>
        new("localhost", Port, Security, username, password);

    public bool Trust(
        object sender,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors
    ) => certificate?.GetCertHashString() == Certificate.GetCertHashString();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _running;
        _ending.Dispose();
        _listener.Dispose();
        Certificate.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (IOException)
                {
                    // The other side is gone.
                }
            }
        }
        catch (Exception e)
            when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var secure = Security == SmtpSecurity.Tls;
        if (secure)
        {
            stream = await SecureAsync(stream);
        }
        await SayAsync(stream, "220 test");
        while (await ReadAsync(stream) is { } command)
        {
            lock (Commands)
            {
                Commands.Add(command);
            }
            switch (command.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    string[] offers =
                    [
                        .. Offers,
                        .. Security == SmtpSecurity.StartTls && !secure
                            ? ["STARTTLS"]
                            : Array.Empty<string>(),
                    ];
                    await SayAsync(stream, "250-test");
                    foreach (var offer in offers)
                    {
                        await SayAsync(stream, $"250-{offer}");
                    }
                    await SayAsync(stream, "250 HELP");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go" + Smuggled);
                    stream = await SecureAsync(stream);
                    secure = true;
                    break;
                case "AUTH" when command.EndsWith("LOGIN", StringComparison.Ordinal):
                    await SayAsync(stream, "334 VXNlcm5hbWU6");
                    var name = await ReadAsync(stream);
                    await SayAsync(stream, "334 UGFzc3dvcmQ6");
                    var password = await ReadAsync(stream);
                    await SayAsync(
                        stream,
                        Plain(name!) == "ada" && Plain(password!) == "secret" ? "235 in" : "535 no"
                    );
                    break;
                case "AUTH":
                    await SayAsync(
                        stream,
                        Plain(command.Split(' ')[2]) == "\0ada\0secret" ? "235 in" : "535 no"
                    );
                    break;
                case "RCPT":
                    _asked.TrySetResult();
                    if (Hangs)
                    {
                        break;
                    }
                    await SayAsync(stream, RecipientAnswer);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var mail = new StringBuilder();
                    while (await ReadAsync(stream) is { } line && line != ".")
                    {
                        mail.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
                    }
                    lock (Mails)
                    {
                        Mails.Add(mail.ToString());
                    }
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(Certificate);
        return secure;
    }

    private static async Task SayAsync(Stream stream, string line) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    private static async Task<string?> ReadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r');
            }
            bytes.Add(one[0]);
        }
        return null;
    }

    private static string Plain(string base64) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
