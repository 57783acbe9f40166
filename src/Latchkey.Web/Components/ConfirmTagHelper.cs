using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>The question before something is lost: what will be lost is the content, and only the button does it.</summary>
[HtmlTargetElement("lk-confirm")]
public sealed class ConfirmTagHelper(IHtmlGenerator generator, ITexts texts) : TagHelper
{
    /// <summary>The question.</summary>
    public string Title { get; set; } = "";

    /// <summary>A sentence below it.</summary>
    public string? Text { get; set; }

    /// <summary>What the button does.</summary>
    public string Action { get; set; } = "";

    /// <summary>Where "cancel" leads.</summary>
    public string Cancel { get; set; } = "";

    /// <summary>The page's handler that does it.</summary>
    public string? Handler { get; set; }

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.ViewData["Title"] ??= Title;
        var content = await output.GetChildContentAsync();
        output.TagName = "form";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("method", "post");
        output.Attributes.SetAttribute("class", "card lk-confirm");
        if (Handler is not null)
        {
            output.Attributes.SetAttribute("action", $"?handler={Uri.EscapeDataString(Handler)}");
        }
        var title = new TagBuilder("h1");
        title.InnerHtml.Append(Title);
        output.Content.AppendHtml(title);
        if (!string.IsNullOrEmpty(Text))
        {
            var text = new TagBuilder("p");
            text.InnerHtml.Append(Text);
            output.Content.AppendHtml(text);
        }
        output.Content.AppendHtml(content);

        var button = new TagBuilder("button");
        button.AddCssClass("btn btn-danger");
        button.Attributes["type"] = "submit";
        button.InnerHtml.Append(Action);
        var cancel = new TagBuilder("a");
        cancel.AddCssClass("btn");
        cancel.Attributes["href"] = Cancel;
        cancel.InnerHtml.Append(texts["action.cancel"]);
        var actions = new TagBuilder("div");
        actions.AddCssClass("lk-actions");
        actions.InnerHtml.AppendHtml(button);
        actions.InnerHtml.AppendHtml(cancel);
        output.Content.AppendHtml(actions);
        output.Content.AppendHtml(generator.GenerateAntiforgery(ViewContext));
    }
}
