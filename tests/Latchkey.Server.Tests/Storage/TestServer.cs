using System.Security.Cryptography;
using Latchkey.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

/// <summary>The whole server in this process, on a test's database. <c>Client</c> follows no redirects and keeps no cookies.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, string console)
    {
        _app = app;
        Console = console;
        Client = new HttpClient(Transport()) { BaseAddress = new Uri("http://127.0.0.1:8080") };
    }

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; }

    /// <summary>What the start printed.</summary>
    public string Console { get; }

    /// <param name="database">Its database.</param>
    /// <param name="variables">Further LATCHKEY_* variables.</param>
    /// <param name="adjust">Replaces services, such as the clock.</param>
    public static async Task<TestServer> StartAsync(
        TestDatabase database,
        IReadOnlyDictionary<string, string>? variables = null,
        Action<IServiceCollection>? adjust = null
    )
    {
        var options = EnvironmentReader.Read([
            new("LATCHKEY_DATABASE", database.Address),
            new("LATCHKEY_DATA", database.Folder),
            new("LATCHKEY_MASTER_KEY", Convert.ToBase64String(SHA256.HashData("test"u8))),
            .. variables ?? new Dictionary<string, string>(),
        ]);
        var app = Program.Build(
            [],
            options,
            builder =>
            {
                builder.WebHost.UseTestServer();
                adjust?.Invoke(builder.Services);
            }
        );
        var console = new StringWriter();
        await ServerStart.RunAsync(app.Services, console, CancellationToken.None);
        await app.StartAsync();
        return new TestServer(app, console.ToString());
    }

    /// <summary>For clients of another make.</summary>
    public HttpMessageHandler Transport() => _app.GetTestServer().CreateHandler();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
