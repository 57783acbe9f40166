using Latchkey.Web.Assets;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>The head of a page: the way back, the title (which becomes the document's), a sentence, and the page's actions as content.</summary>
[HtmlTargetElement("lk-header")]
public sealed class HeaderTagHelper(WebAssets assets) : TagHelper
{
    /// <summary>The page's only h1.</summary>
    public string Title { get; set; } = "";

    /// <summary>A sentence below it.</summary>
    public string? Text { get; set; }

    /// <summary>Where "back" leads.</summary>
    public string? BackHref { get; set; }

    /// <summary>The name of what lies there.</summary>
    public string? BackLabel { get; set; }

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.ViewData["Title"] ??= Title;
        var actions = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "lk-header");

        var words = new TagBuilder("div");
        words.AddCssClass("lk-header-words");
        if (BackHref is not null)
        {
            var back = new TagBuilder("a");
            back.AddCssClass("lk-back");
            back.Attributes["href"] = BackHref;
            back.InnerHtml.AppendHtml(IconTagHelper.Html(assets, "chevron-left"));
            back.InnerHtml.Append(BackLabel ?? "");
            words.InnerHtml.AppendHtml(back);
        }
        var title = new TagBuilder("h1");
        title.InnerHtml.Append(Title);
        words.InnerHtml.AppendHtml(title);
        if (!string.IsNullOrEmpty(Text))
        {
            var text = new TagBuilder("p");
            text.InnerHtml.Append(Text);
            words.InnerHtml.AppendHtml(text);
        }
        output.Content.AppendHtml(words);
        if (!actions.IsEmptyOrWhiteSpace)
        {
            output.Content.AppendHtml("<div class=\"lk-header-actions\">");
            output.Content.AppendHtml(actions);
            output.Content.AppendHtml("</div>");
        }
    }
}
