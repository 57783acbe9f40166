using Latchkey.Web.Assets;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>The region at the top right where sentences appear after a redirect.</summary>
[HtmlTargetElement("lk-toasts", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ToastsTagHelper(WebAssets assets) : TagHelper
{
    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("id", "toasts");
        output.Attributes.SetAttribute("class", "lk-toasts");
        output.Attributes.SetAttribute("role", "status");
        foreach (var text in ViewContext.TempData[ToastExtensions.Key] as string[] ?? [])
        {
            var toast = new TagBuilder("div");
            toast.AddCssClass("lk-toast");
            toast.InnerHtml.AppendHtml(IconTagHelper.Html(assets, "circle-check"));
            var sentence = new TagBuilder("span");
            sentence.InnerHtml.Append(text);
            toast.InnerHtml.AppendHtml(sentence);
            output.Content.AppendHtml(toast);
        }
    }
}
