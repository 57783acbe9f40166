using System.Text.Encodings.Web;
using System.Text.Unicode;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Directory.Pages;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Web;
using Latchkey.Web.Layout;
using Microsoft.Extensions.WebEncoders;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server;

/// <summary>The pages of all capabilities: each lies in its capability's folder and says its address itself.</summary>
internal static class PageServices
{
    public static IServiceCollection AddPages(
        this IServiceCollection services,
        ServerOptions server
    )
    {
        services.AddRazorPages(pages => pages.RootDirectory = "/");
        services.AddMvcCore(mvc =>
            // What is missing is said by the services, in our words.
            mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true
        );
        services.AddResponseCompression(compression =>
        {
            compression.MimeTypes = ["text/html"];
            compression.EnableForHttps = true;
        });
        services.Configure<WebEncoderOptions>(encoding =>
            encoding.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All)
        );
        services.AddLatchkeyWeb(web =>
        {
            web.TextAssemblies.Add(typeof(PageServices).Assembly);
            web.IsHttps = server.IsHttps;
            web.SearchAddress = "/admin/search";
            web.SecurityAddress = "/security";
            web.MayUse = RoleClaims.MayUse;
            web.Brand = context =>
            {
                var reader = context.RequestServices.GetRequiredService<BrandReader>();
                return StatusPages.IsWithoutDatabase(context)
                    ? new(reader.Last)
                    : reader.ReadAsync(context.RequestAborted);
            };
            web.UserLanguage = context => context.Features.Get<CurrentSession>()?.User.Language;
            web.ReaderLanguage = context =>
                StatusPages.IsWithoutDatabase(context)
                    ? ValueTask.FromResult<string?>(null)
                    : SetPasswordModel.LanguageOfOwnerAsync(context);
            web.IsForPrograms = path =>
                path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                || path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
                || path.StartsWithSegments("/healthz", StringComparison.OrdinalIgnoreCase)
                || path.StartsWithSegments("/_lk", StringComparison.OrdinalIgnoreCase);
            web.PortalNavigation.Add(new NavigationItem("portal.nav", "layout-grid", "/", true));
            web.PortalNavigation.Add(new NavigationItem("profile.nav", "user", "/profile"));
            web.PortalNavigation.Add(
                new NavigationItem("layout.security", "shield-lock", "/security")
            );
            web.PortalNavigation.Add(new NavigationItem("activity.nav", "history", "/activity"));
            web.Navigation.Add(new NavigationItem("nav.overview", "dashboard", "/admin", true));
            web.Navigation.Add(
                new NavigationItem("nav.applications", "apps", "/admin/applications")
            );
            web.Navigation.Add(
                new NavigationItem("nav.certificates", "certificate", "/admin/certificates")
            );
            web.Navigation.Add(new NavigationItem("nav.users", "users", "/admin/users"));
            web.Navigation.Add(new NavigationItem("nav.groups", "users-group", "/admin/groups"));
            web.Navigation.Add(
                new NavigationItem("nav.sessions", "device-desktop", "/admin/sessions")
            );
            web.Navigation.Add(new NavigationItem("nav.events", "activity", "/admin/events"));
            web.Navigation.Add(
                new NavigationItem("nav.portal", "layout-grid", "/admin/settings/portal")
            );
            web.Navigation.Add(new NavigationItem("nav.mail", "mail", "/admin/settings/mail"));
            web.Navigation.Add(
                new NavigationItem("nav.sign-in", "shield-lock", "/admin/settings/sign-in")
            );
            web.Navigation.Add(
                new NavigationItem("nav.passwords", "password", "/admin/settings/passwords")
            );
            web.Navigation.Add(new NavigationItem("nav.tokens", "key", "/admin/settings/tokens"));
        });
        return services;
    }

    /// <summary>The security headers and what depends on the kind of request. Goes first.</summary>
    public static IApplicationBuilder UsePages(this IApplicationBuilder app)
    {
        app.UseLatchkeyWeb();
        // The long forms and lists are all there. What such a page holds may be guessed from its length where a stranger can
        // put text into it again and again; but its form tokens are masked anew each time, and a password or API token is
        // shown once only. Sign-in and single sign-on stay as they are: small, and quick.
        app.UseWhen(
            context => Access.IsAdminPath(context.Request.Path),
            admin => admin.UseResponseCompression()
        );
        app.UseStatusPages();
        app.UseUnansweredCalls();
        return app.Use(
            (context, next) =>
            {
                context.Response.Headers.Append(HeaderNames.Vary, "HX-Request");
                return next(context);
            }
        );
    }

    public static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapLatchkeyWeb();
        endpoints.MapRazorPages();
        return endpoints;
    }

    /// <summary>Whether only a part of the page will be shown, in the page that is open already.</summary>
    public static bool IsFragment(HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request")
        && !request.Headers.ContainsKey("HX-History-Restore-Request");
}
