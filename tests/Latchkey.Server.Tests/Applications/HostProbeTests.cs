using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

/// <summary>A look at the host of an address: a warning at most, and no way into our own network (rule M1).</summary>
public sealed class HostProbeTests
{
    [Fact]
    [Trait("Rule", "M1")]
    public async Task A_host_inside_of_a_network_is_not_looked_at()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var rules = new FetchRules { Resolve = (_, _) => Task.FromResult(s_here) };

        var state = await LookAsync(rules, $"https://sp.example:{Port(listener)}/acs");

        state.ShouldBe(HostState.Inside);
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_called_so()
    {
        var rules = new FetchRules
        {
            Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
        };
        (await LookAsync(rules, "https://sp.example/acs")).ShouldBe(HostState.Unknown);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_at_is_silent()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = Port(listener);
        }
        (await LookAsync(Open, $"https://sp.example:{port}/acs")).ShouldBe(HostState.Silent);
    }

    [Fact]
    public async Task A_certificate_that_no_browser_trusts_is_called_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);

        var state = await LookAsync(Open, $"https://sp.example:{Port(listener)}/acs");

        state.ShouldBe(HostState.Distrusted);
        await serving;
    }

    private static readonly IPAddress[] s_here = [IPAddress.Loopback];

    private static FetchRules Open { get; } =
        new() { Resolve = (_, _) => Task.FromResult(s_here), Allows = _ => true };

    private static Task<HostState> LookAsync(FetchRules rules, string address) =>
        new HostProbe(rules).LookAsync(new Uri(address), TestContext.Current.CancellationToken);

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task ServeAsync(TcpListener listener)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sp.example", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        using var certificate = X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12),
            null
        );
        using var client = await listener.AcceptTcpClientAsync(
            TestContext.Current.CancellationToken
        );
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(certificate);
            // The other side leaves without a word.
            await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (Exception e)
            when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It did not like the certificate.
        }
    }
}
