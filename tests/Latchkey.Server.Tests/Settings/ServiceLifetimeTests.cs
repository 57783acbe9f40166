using Latchkey.Server.Settings;
using Latchkey.Server.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Latchkey.Server.Tests.Settings;

public sealed class ServiceLifetimeTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task No_service_keeps_what_belongs_to_one_request()
    {
        var options = EnvironmentReader.Read([
            new("LATCHKEY_DATABASE", database.Address),
            new("LATCHKEY_DATA", database.Folder),
            new("LATCHKEY_MASTER_KEY", Convert.ToBase64String(new byte[32])),
        ]);

        // The check of the container itself: it throws, and names every one of them.
        await using var built = Program.Build(
            [],
            options,
            builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Host.UseDefaultServiceProvider(checks =>
                    checks.ValidateScopes = checks.ValidateOnBuild = true
                );
            }
        );

        built.Services.ShouldNotBeNull();
    }
}
