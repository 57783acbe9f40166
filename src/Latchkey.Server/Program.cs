using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;

namespace Latchkey.Server;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var options = EnvironmentReader.Read(EnvironmentReader.ProcessVariables());
            await using var app = Build(args, options);
            await app.Services.GetRequiredService<DatabaseStart>().RunAsync();
            await app.RunAsync();
            return 0;
        }
        catch (StartRefusedException e)
        {
            await Console.Error.WriteLineAsync($"Latchkey cannot start. {e.Message}");
            return 1;
        }
    }

    /// <summary>The whole server, one line a capability. <paramref name="adjust"/> is for tests: another server, another clock.</summary>
    public static WebApplication Build(
        string[] args,
        ServerOptions options,
        Action<WebApplicationBuilder>? adjust = null
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ApplicationName = "Latchkey.Server" }
        );
        builder.WebHost.UseUrls(options.Listen);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage(options.Database);
        builder.Services.AddInsights();
        builder.Services.AddApplications();
        builder.Services.AddRazorPages(pages => pages.RootDirectory = "/");

        adjust?.Invoke(builder);
        var app = builder.Build();

        app.UseRouting();
        app.MapStaticAssets();
        app.MapRazorPages();
        return app;
    }
}
