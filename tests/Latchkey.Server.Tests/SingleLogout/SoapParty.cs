using System.Collections.Concurrent;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>A service provider that takes LogoutRequests by SOAP, on a port of its own.</summary>
internal sealed class SoapParty : IAsyncDisposable
{
    private readonly WebApplication _app;
    private LogoutParty? _party;

    private SoapParty(WebApplication app) => _app = app;

    public LogoutParty Party => _party!;

    /// <summary>What came, checked.</summary>
    public ConcurrentQueue<LogoutRequest> Requests { get; } = new();

    /// <summary>What it answers; null answers with success, and a fault of the connection is an exception.</summary>
    public Func<HttpContext, LogoutRequest, Task<SamlStatus?>>? Behaviour { get; set; }

    /// <param name="server">The identity provider.</param>
    /// <param name="front">Whether the browser can be sent there too.</param>
    /// <param name="users">Who may sign in to it.</param>
    public static async Task<SoapParty> StartAsync(
        TestIdentityProvider server,
        bool front,
        params User[] users
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var soap = new SoapParty(builder.Build());
        soap._app.MapPost("/slo", soap.AnswerAsync);
        await soap._app.StartAsync();
        var address = soap
            ._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        soap._party = await new LogoutParty(
            server,
            new Saml.Metadata.Endpoint(SamlBindings.Soap, address + "/slo")
        ).AddAsync(front ? [SamlBindings.Redirect] : [], users);
        return soap;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _party?.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var request = Party.AskedBySoap(
            body.ToArray(),
            http.Request.Scheme + "://" + http.Request.Host + http.Request.Path
        );
        Requests.Enqueue(request);
        var status = Behaviour is null ? null : await Behaviour(http, request);
        if (
            http.Response.HasStarted
            || http.Response.StatusCode != Microsoft.AspNetCore.Http.StatusCodes.Status200OK
        )
            return;
        http.Response.ContentType = "text/xml";
        await http.Response.Body.WriteAsync(
            MessageWriter.ToSoap(
                Party.Reply(request, status) with
                {
                    Destination = null,
                },
                Party.Key
            )
        );
    }
}

/// <summary>A server that may connect to this machine, on SQLite.</summary>
public sealed class LocalSqliteIdentityProvider()
    : LocalIdentityProvider(Latchkey.Testing.Engine.Sqlite);

/// <summary>The same on PostgreSQL.</summary>
public sealed class LocalPostgreSqlIdentityProvider()
    : LocalIdentityProvider(Latchkey.Testing.Engine.PostgreSql);

/// <summary>A server that may connect to this machine.</summary>
public abstract class LocalIdentityProvider(Latchkey.Testing.Engine engine)
    : TestIdentityProvider(engine)
{
    protected override void Adjust(IServiceCollection services) =>
        services.AddSingleton(
            new Latchkey.Server.Applications.FetchRules
            {
                AllowLoopback = true,
                Allows = System.Net.IPAddress.IsLoopback,
            }
        );
}
