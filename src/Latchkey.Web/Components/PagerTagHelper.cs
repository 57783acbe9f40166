using System.Globalization;
using Latchkey.Web.Assets;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>
/// The way to a list's other pages; what else stands in the address stays. Give <c>page</c>, <c>size</c> and
/// <c>total</c>, or for lists without a total the keys <c>newer</c> and <c>older</c>.
/// </summary>
[HtmlTargetElement("lk-pager", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PagerTagHelper(WebAssets assets, ITexts texts) : TagHelper
{
    /// <summary>The number of this page, from 1.</summary>
    public int Page { get; set; }

    /// <summary>Rows on a page.</summary>
    public int Size { get; set; } = 1;

    /// <summary>Rows in all, as far as they were counted.</summary>
    public int Total { get; set; }

    /// <summary>Whether there are more than were counted.</summary>
    public bool More { get; set; }

    /// <summary>The value of <c>after</c> that shows what comes next; empty on the last page, for a page writes null so.</summary>
    public string? Older { get; set; }

    /// <summary>Whether this is not the first page of a list with keys.</summary>
    public bool HasNewer { get; set; }

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var pages = Page == 0 ? 0 : (Total + Size - 1) / Size;
        if (pages <= 1 && string.IsNullOrEmpty(Older) && !HasNewer)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "lk-pager");
        output.Attributes.SetAttribute("aria-label", texts["pager.label"]);
        if (Page > 0)
        {
            var first = ((Page - 1) * Size) + 1;
            output.Content.AppendHtml("<span>");
            object total = More ? string.Create(CultureInfo.InvariantCulture, $"{Total}+") : Total;
            output.Content.Append(texts["pager.range", first, Math.Min(Total, Page * Size), total]);
            output.Content.AppendHtml("</span>");
            Link(output, Page > 1 ? Address("p", $"{Page - 1}") : null, "pager.previous");
            Link(output, Page < pages || More ? Address("p", $"{Page + 1}") : null, "pager.next");
        }
        else
        {
            Link(output, HasNewer ? Address("after", null) : null, "pager.newest");
            Link(
                output,
                string.IsNullOrEmpty(Older) ? null : Address("after", Older),
                "pager.older"
            );
        }
    }

    private void Link(TagHelperOutput output, string? address, string text)
    {
        if (address is null)
        {
            return;
        }
        var forward = text is "pager.next" or "pager.older";
        var link = new TagBuilder("a");
        link.AddCssClass("btn btn-sm");
        link.Attributes["href"] = address;
        link.Attributes["id"] = text.Replace('.', '-');
        var icon = IconTagHelper.Html(assets, forward ? "chevron-right" : "chevron-left");
        if (!forward)
        {
            link.InnerHtml.AppendHtml(icon);
        }
        link.InnerHtml.Append(texts[text]);
        if (forward)
        {
            link.InnerHtml.AppendHtml(icon);
        }
        output.Content.AppendHtml(link);
    }

    private string Address(string name, string? value)
    {
        var request = ViewContext.HttpContext.Request;
        var query = request
            .Query.Where(pair => pair.Key is not ("p" or "after"))
            .SelectMany(pair => pair.Value.Select(v => KeyValuePair.Create(pair.Key, v)));
        if (value is not null)
        {
            query = query.Append(KeyValuePair.Create(name, (string?)value));
        }
        return request.PathBase.Add(request.Path).ToUriComponent() + QueryString.Create(query);
    }
}
