using Latchkey.Web.Assets;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>What stands where a list would: one sentence, and what to do next as its content.</summary>
[HtmlTargetElement("lk-empty")]
public sealed class EmptyTagHelper(WebAssets assets) : TagHelper
{
    /// <summary>An icon of the sprite.</summary>
    public string Icon { get; set; } = "inbox";

    /// <summary>The few words in bold.</summary>
    public string Title { get; set; } = "";

    /// <summary>The sentence.</summary>
    public string? Text { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "lk-empty");
        var picture = new TagBuilder("div");
        picture.AddCssClass("lk-empty-icon");
        picture.InnerHtml.AppendHtml(IconTagHelper.Html(assets, Icon));
        output.Content.AppendHtml(picture);
        var title = new TagBuilder("p");
        title.AddCssClass("lk-empty-title");
        title.InnerHtml.Append(Title);
        output.Content.AppendHtml(title);
        if (!string.IsNullOrEmpty(Text))
        {
            var text = new TagBuilder("p");
            text.AddCssClass("lk-empty-text");
            text.InnerHtml.Append(Text);
            output.Content.AppendHtml(text);
        }
        if (!content.IsEmptyOrWhiteSpace)
        {
            output.Content.AppendHtml("<div class=\"lk-empty-actions\">");
            output.Content.AppendHtml(content);
            output.Content.AppendHtml("</div>");
        }
    }
}
