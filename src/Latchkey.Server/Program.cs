using System.Globalization;
using Latchkey.Server.Api;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Portal;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Settings.Health;
using Latchkey.Server.Settings.Setup;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Rules;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage;
using Latchkey.Web;
using Latchkey.Web.Texts;

namespace Latchkey.Server;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Whatever the machine is set to: what is logged and kept is English, and pages choose for themselves.
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture =
            LanguageTags.English;
        try
        {
            var options = EnvironmentReader.Read(EnvironmentReader.ProcessVariables());
            if (TokenCommand.IsMeant(args))
            {
                return await TokenCommand.RunAsync(args, options, Console.Out, Console.Error);
            }
            if (RescueCommand.IsMeant(args))
            {
                return await RescueCommand.RunAsync(args, options, Console.Out, Console.Error);
            }
            await using var app = Build(args, options);
            await ServerStart.RunAsync(app.Services, Console.Out, CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (StartRefusedException e)
        {
            await Console.Error.WriteLineAsync($"Latchkey cannot start. {e.Message}");
            return 1;
        }
        catch (IOException e)
            when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"Latchkey cannot start. LATCHKEY_LISTEN: {e.Message}"
            );
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
            new WebApplicationOptions
            {
                Args = args,
                ApplicationName = "Latchkey.Server",
                // Wherever it is started from, its own files lie beside the program.
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        });

        builder.Services.AddSettings(options);
        builder.Services.AddStorage(options.Database);
        builder.Services.AddInsights();
        builder.Services.AddMail();
        builder.Services.AddRoles();
        builder.Services.AddSignIn();
        builder.Services.AddDirectory();
        builder.Services.AddApplications();
        builder.Services.AddSingleSignOn();
        builder.Services.AddSingleLogout();
        builder.Services.AddPortal();
        builder.Services.AddApi();
        builder.Services.AddPages(options);

        adjust?.Invoke(builder);
        var app = builder.Build();

        app.UseTrustedProxies(options);
        app.UsePages();
        app.UseSetup();
        app.UseRouting();
        app.UseAuthentication();
        app.UseLatchkeyLanguages();
        app.UseAuthorization();
        app.MapHealth();
        app.MapApi();
        app.MapSingleSignOn();
        app.MapSingleLogout();
        app.MapPortal();
        app.MapApplications();
        app.MapPages();
        return app;
    }
}
