using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>Gives a request the address from which its browser says it comes; in this process there is no network that could.</summary>
internal sealed class TestAddress : IStartupFilter
{
    public const string Header = "Test-Address";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (http, go) =>
                {
                    if (IPAddress.TryParse(http.Request.Headers[Header], out var address))
                        http.Connection.RemoteIpAddress = address;
                    return go(http);
                }
            );
            next(app);
        };
}
