using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Theme;

/// <summary>The colours of a page: what the user chose, or else what the system prefers; the stylesheet follows the latter by itself.</summary>
public static class PageTheme
{
    internal const string ChoiceCookie = "lk-theme";

    /// <summary><c>light</c>, <c>dark</c> or <c>auto</c>.</summary>
    public static string Choice(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return
            Choices.ChoiceCookie.Read(context, ChoiceCookie) is ("light" or "dark") and var chosen
            ? chosen
            : "auto";
    }
}
