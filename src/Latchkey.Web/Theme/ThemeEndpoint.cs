using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Web.Theme;

/// <summary>Takes the choice of colours from a plain form and goes back to the page.</summary>
internal static class ThemeEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/theme", (RequestDelegate)ChooseAsync).AllowAnonymous();

    private static async Task ChooseAsync(HttpContext context)
    {
        var antiforgery = context.RequestServices.GetRequiredService<IAntiforgery>();
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var theme = form["theme"].ToString();
        if (theme is "light" or "dark")
        {
            context.Response.Cookies.Append(
                PageTheme.ChoiceCookie,
                theme,
                new CookieOptions
                {
                    MaxAge = TimeSpan.FromDays(365),
                    SameSite = SameSiteMode.Lax,
                    Secure = context.Request.IsHttps,
                    IsEssential = true,
                }
            );
        }
        else
        {
            context.Response.Cookies.Delete(PageTheme.ChoiceCookie);
        }
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = LocalPath(form["return"].ToString());
    }

    /// <summary>A path of this server, or the start page: never another site.</summary>
    private static string LocalPath(string path) =>
        path.StartsWith('/')
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\', StringComparison.Ordinal)
        && path.All(c => c is > (char)0x20 and < (char)0x7f)
            ? path
            : "/";
}
