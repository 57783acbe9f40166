using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Latchkey.Web.Toasts;

/// <summary>A sentence shown once, on the page after a redirect.</summary>
public static class ToastExtensions
{
    internal const string Key = "lk.toasts";

    /// <summary>Shows a sentence on the next page. Never the only place of an error.</summary>
    public static void Toast(this PageModel page, string text)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.TempData.AddToast(text);
    }

    /// <summary>The same for what is not a page model.</summary>
    public static void AddToast(this ITempDataDictionary data, string text)
    {
        ArgumentNullException.ThrowIfNull(data);
        var earlier = data.Peek(Key) as string[] ?? [];
        data[Key] = (string[])[.. earlier, text];
    }
}
