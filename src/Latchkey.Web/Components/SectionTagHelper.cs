using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A card with a title and a sentence. <c>fields</c> lays its content out as a grid of fields.</summary>
[HtmlTargetElement("lk-section")]
public sealed class SectionTagHelper : TagHelper
{
    /// <summary>The title, an h2.</summary>
    public string Title { get; set; } = "";

    /// <summary>A sentence below it.</summary>
    public string? Text { get; set; }

    /// <summary>Whether the content is fields, in a grid of twelve columns.</summary>
    public bool Fields { get; set; }

    /// <summary>Whether the content reaches the card's edges, as a table does.</summary>
    public bool Flush { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "section";
        output.TagMode = TagMode.StartTagAndEndTag;
        var css = output.Attributes["class"]?.Value;
        output.Attributes.SetAttribute("class", $"card lk-section {css}".TrimEnd());
        if (Title.Length > 0)
        {
            var head = new TagBuilder("div");
            head.AddCssClass("lk-section-head");
            var title = new TagBuilder("h2");
            title.InnerHtml.Append(Title);
            head.InnerHtml.AppendHtml(title);
            if (!string.IsNullOrEmpty(Text))
            {
                var text = new TagBuilder("p");
                text.InnerHtml.Append(Text);
                head.InnerHtml.AppendHtml(text);
            }
            output.Content.AppendHtml(head);
        }
        var body = Flush ? "lk-section-flush" : "lk-section-body";
        output.Content.AppendHtml(
            Fields ? $"<div class=\"{body}\"><div class=\"row g-3\">" : $"<div class=\"{body}\">"
        );
        output.Content.AppendHtml(content);
        output.Content.AppendHtml(Fields ? "</div></div>" : "</div>");
    }
}
