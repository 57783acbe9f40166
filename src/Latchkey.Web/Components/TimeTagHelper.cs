using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A moment, in UTC as served; where scripts run, latchkey.js shows it in the reader's zone.</summary>
[HtmlTargetElement("lk-time", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TimeTagHelper : TagHelper
{
    /// <summary>The moment; null shows a dash.</summary>
    public DateTimeOffset? Value { get; set; }

    /// <summary>Whether seconds are shown.</summary>
    public bool Seconds { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Value is not { } moment)
        {
            output.TagName = "span";
            output.TagMode = TagMode.StartTagAndEndTag;
            output.Content.SetContent("–");
            return;
        }
        var utc = moment.UtcDateTime;
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute(
            "datetime",
            utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        );
        output.Attributes.SetAttribute("data-lk-time", Seconds ? "seconds" : "minutes");
        output.Content.SetContent(
            utc.ToString(
                Seconds ? "yyyy-MM-dd HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'",
                CultureInfo.InvariantCulture
            )
        );
    }
}
