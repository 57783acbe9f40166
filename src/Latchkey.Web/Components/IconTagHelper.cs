using Latchkey.Web.Assets;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>An icon of the sprite; decoration unless it has a label.</summary>
[HtmlTargetElement("lk-icon", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class IconTagHelper(WebAssets assets) : TagHelper
{
    /// <summary>The icon's name in <c>build/assets/icons.txt</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it says where no text stands beside it.</summary>
    public string? Label { get; set; }

    /// <summary>Further classes.</summary>
    public string? Class { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"lk-icon {Class}".TrimEnd());
        if (Label is null)
        {
            output.Attributes.SetAttribute("aria-hidden", "true");
        }
        else
        {
            output.Attributes.SetAttribute("role", "img");
            output.Attributes.SetAttribute("aria-label", Label);
        }
        output.Content.SetHtmlContent(Use(assets, Name));
    }

    /// <summary>The inside of an icon's <c>svg</c>.</summary>
    internal static HtmlString Use(WebAssets assets, string name) =>
        new($"<use href=\"{assets.Icon(name)}\"/>");

    /// <summary>A whole decorative icon, for other components.</summary>
    internal static HtmlString Html(WebAssets assets, string name) =>
        new($"<svg class=\"lk-icon\" aria-hidden=\"true\">{Use(assets, name)}</svg>");
}
