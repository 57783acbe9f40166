using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A form. One that posts always carries an antiforgery token. One that the reader may not send shows its fields and none of its buttons.</summary>
[HtmlTargetElement("lk-form")]
public sealed class FormTagHelper(IHtmlGenerator generator, WebOptions web) : TagHelper
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
        output.TagMode = TagMode.StartTagAndEndTag;
        if (!MaySend(output.Attributes["action"]?.Value?.ToString()))
        {
            output.TagName = "fieldset";
            output.Attributes.RemoveAll("action");
            output.Attributes.SetAttribute(new TagHelperAttribute("disabled"));
            var css = output.Attributes["class"]?.Value;
            output.Attributes.SetAttribute("class", $"lk-read-only {css}".TrimEnd());
            output.Content.SetHtmlContent(await output.GetChildContentAsync());
            return;
        }
        output.TagName = "form";
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

    private bool MaySend(string? action)
    {
        var http = ViewContext.HttpContext;
        var address = string.IsNullOrEmpty(action) ? http.Request.Path.ToUriComponent() : action;
        // Said by the page of its own forms; those of the frame around it go elsewhere.
        if (
            ViewContext.ViewData["ReadOnly"] is true
            && address.StartsWith(web.AdminAddress, StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }
        return web.MayUse(http.User, address, Method.ToUpperInvariant(), Handler);
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
