using Latchkey.Web.Assets;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>
/// A list's search and filters (as content), sent by GET. Where scripts run, the element with the id <c>target</c> is
/// replaced while typing; so everything focusable in it needs an id.
/// </summary>
[HtmlTargetElement("lk-search")]
public sealed class SearchTagHelper(WebAssets assets, ITexts texts) : TagHelper
{
    /// <summary>What is searched for, the name of the search box.</summary>
    public string Label { get; set; } = "";

    /// <summary>The text searched for now.</summary>
    public string? Value { get; set; }

    /// <summary>The list's id.</summary>
    public string Target { get; set; } = "list";

    /// <summary>The parameter's name.</summary>
    public string Name { get; set; } = "q";

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>Whether the box has the focus when the page opens.</summary>
    public bool Focus { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var filters = await output.GetChildContentAsync();
        output.TagName = "form";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("method", "get");
        output.Attributes.SetAttribute("class", "lk-search");
        output.Attributes.SetAttribute("role", "search");
        output.Attributes.SetAttribute("aria-label", Label);
        output.Attributes.SetAttribute(
            "hx-get",
            ViewContext.HttpContext.Request.Path.ToUriComponent()
        );
        output.Attributes.SetAttribute("hx-target", $"#{Target}");
        output.Attributes.SetAttribute("hx-select", $"#{Target}");
        output.Attributes.SetAttribute("hx-swap", "outerHTML");
        output.Attributes.SetAttribute("hx-replace-url", "true");
        output.Attributes.SetAttribute("hx-sync", "this:replace");
        output.Attributes.SetAttribute("hx-trigger", "input delay:250ms, submit");

        var box = new TagBuilder("div");
        box.AddCssClass("lk-search-box");
        box.InnerHtml.AppendHtml(IconTagHelper.Html(assets, "search"));
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.AddCssClass("form-control");
        input.Attributes["type"] = "search";
        input.Attributes["name"] = Name;
        input.Attributes["id"] = $"{Target}-search";
        input.Attributes["value"] = Value ?? "";
        input.Attributes["placeholder"] = Label;
        input.Attributes["aria-label"] = Label;
        input.Attributes["autocomplete"] = "off";
        input.Attributes["spellcheck"] = "false";
        if (Focus)
        {
            input.Attributes["autofocus"] = "autofocus";
        }
        box.InnerHtml.AppendHtml(input);
        output.Content.AppendHtml(box);
        output.Content.AppendHtml(filters);

        var button = new TagBuilder("button");
        button.AddCssClass("btn lk-script-less");
        button.Attributes["type"] = "submit";
        button.InnerHtml.Append(texts["action.search"]);
        output.Content.AppendHtml(button);
    }
}
