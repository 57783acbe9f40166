using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Theme;

/// <summary>The colours of a page: what the user chose, or else what the system was last seen to prefer.</summary>
public static class PageTheme
{
    internal const string ChoiceCookie = "lk-theme";

    /// <summary>Written by latchkey.js, so that the server draws the first byte in the right colours.</summary>
    private const string SystemCookie = "lk-system-theme";

    /// <summary><c>light</c>, <c>dark</c> or <c>auto</c>.</summary>
    public static string Choice(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Cookies[ChoiceCookie] is "light" or "dark"
            ? context.Request.Cookies[ChoiceCookie]!
            : "auto";
    }

    /// <summary><c>light</c> or <c>dark</c>.</summary>
    public static string Shown(HttpContext context)
    {
        var choice = Choice(context);
        return choice != "auto" ? choice
            : context.Request.Cookies[SystemCookie] == "dark" ? "dark"
            : "light";
    }
}
