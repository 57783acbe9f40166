using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A form. One that posts always carries an antiforgery token.</summary>
[HtmlTargetElement("lk-form")]
public sealed class FormTagHelper(IHtmlGenerator generator) : TagHelper
{
    /// <summary><c>post</c>, unless said otherwise.</summary>
    public string Method { get; set; } = "post";

    /// <summary>The page's handler; the form then posts to the page itself.</summary>
    public string? Handler { get; set; }

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "form";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("method", Method);
        if (Handler is not null)
        {
            output.Attributes.SetAttribute("action", $"?handler={Uri.EscapeDataString(Handler)}");
        }
        else if (!output.Attributes.ContainsName("action") && Here(ViewContext) is { } here)
        {
            output.Attributes.SetAttribute("action", here);
        }
        output.Content.SetHtmlContent(await output.GetChildContentAsync());
        if (!string.Equals(Method, "get", StringComparison.OrdinalIgnoreCase))
        {
            // The browser's own bubbles speak its language and stop at the first field; ours name them all.
            output.Attributes.SetAttribute(new TagHelperAttribute("novalidate"));
            output.PostContent.AppendHtml(generator.GenerateAntiforgery(ViewContext));
        }
    }

    /// <summary>The page's own address where it was shown in answer to one of its handlers, to which a form without an action would post again.</summary>
    private static string? Here(ViewContext view)
    {
        var request = view.HttpContext.Request;
        return request.Query.ContainsKey("handler")
            ? request.PathBase.Add(request.Path).ToUriComponent()
                + QueryString.Create(request.Query.Where(pair => pair.Key != "handler"))
            : null;
    }
}
