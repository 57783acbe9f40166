using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Web.Language;

/// <summary>The choices of a field for a language.</summary>
public static class LanguageItems
{
    /// <param name="texts">The languages.</param>
    /// <param name="now">The tag that is stored; one of no language there is stays a choice.</param>
    /// <param name="none">The key of what no choice means.</param>
    public static IReadOnlyList<SelectListItem> Of(
        ITexts texts,
        string? now,
        string none = "language.automatic"
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        var items = texts
            .Languages.Select(language => new SelectListItem(texts.NameOf(language), language.Name))
            .Prepend(new SelectListItem(texts[none], ""));
        return string.IsNullOrEmpty(now) || items.Any(item => item.Value == now)
            ? [.. items]
            : [.. items, new SelectListItem(now, now)];
    }
}
