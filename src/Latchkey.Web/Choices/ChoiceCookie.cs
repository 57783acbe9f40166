using Latchkey.Web.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Web.Choices;

/// <summary>What was chosen in this browser, kept for a year.</summary>
internal static class ChoiceCookie
{
    public static string? Read(HttpContext context, string cookie) =>
        context.Request.Cookies[HostCookie.Name(Options(context), cookie)];

    /// <summary>Keeps a value; null takes it back.</summary>
    public static void Keep(HttpContext context, string cookie, string? value)
    {
        var options = Options(context);
        var name = HostCookie.Name(options, cookie);
        var kept = new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = options.IsHttps,
            IsEssential = true,
        };
        if (value is null)
            context.Response.Cookies.Delete(name, kept);
        else
            context.Response.Cookies.Append(name, value, kept);
    }

    private static WebOptions Options(HttpContext context) =>
        context.RequestServices.GetRequiredService<WebOptions>();
}
