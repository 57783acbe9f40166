using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Choices;

/// <summary>What was chosen in this browser, kept for a year.</summary>
internal static class ChoiceCookie
{
    /// <summary>Keeps a value; null takes it back.</summary>
    public static void Keep(HttpContext context, string cookie, string? value)
    {
        if (value is null)
        {
            context.Response.Cookies.Delete(cookie);
            return;
        }
        context.Response.Cookies.Append(
            cookie,
            value,
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                IsEssential = true,
            }
        );
    }
}
