using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A link to what the reader may not open is not there: a button goes, of a name in a text the words stay.</summary>
[HtmlTargetElement("a", Attributes = "href")]
public sealed class LinkTagHelper(WebOptions web) : TagHelper
{
    /// <summary>After the helpers that make addresses.</summary>
    public override int Order => 1000;

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var address = output.Attributes["href"]?.Value?.ToString();
        if (
            address is not ['/', ..]
            || web.MayUse(ViewContext.HttpContext.User, address, HttpMethods.Get, null)
        )
        {
            return;
        }
        if (
            output.Attributes["class"]?.Value?.ToString() is { } css
            && css.Split(' ').Contains("btn", StringComparer.Ordinal)
        )
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "span";
        foreach (var name in (string[])["href", "download", "target", "rel"])
        {
            output.Attributes.RemoveAll(name);
        }
    }
}
