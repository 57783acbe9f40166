using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A table whose rows become cards on a phone; each cell names its column in <c>data-label</c>.</summary>
[HtmlTargetElement("lk-table")]
public sealed class TableTagHelper : TagHelper
{
    /// <summary>What the table lists, for assistive technology.</summary>
    public string Caption { get; set; } = "";

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "table";
        output.TagMode = TagMode.StartTagAndEndTag;
        var css = output.Attributes["class"]?.Value;
        output.Attributes.SetAttribute("class", $"table lk-table {css}".TrimEnd());
        if (Caption.Length > 0)
        {
            output.Content.AppendHtml("<caption class=\"visually-hidden\">");
            output.Content.Append(Caption);
            output.Content.AppendHtml("</caption>");
        }
        output.Content.AppendHtml(content);
    }
}
