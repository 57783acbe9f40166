using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>XML to read: one line an element, names, values and texts told apart by colour. Any text will do; it is only looked at.</summary>
[HtmlTargetElement("lk-xml")]
public sealed class XmlTagHelper : TagHelper
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Default;

    /// <summary>The XML, indented already.</summary>
    public string Value { get; set; } = "";

    /// <summary>What it is, for assistive technology.</summary>
    public string Label { get; set; } = "";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "pre";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "lk-xml");
        // It scrolls, and what scrolls must be reached by keyboard.
        output.Attributes.SetAttribute("tabindex", "0");
        output.Attributes.SetAttribute("role", "region");
        output.Attributes.SetAttribute("aria-label", Label);
        var html = new StringBuilder();
        foreach (var line in Value.TrimEnd('\n').Split('\n'))
        {
            Line(line, html);
            html.Append('\n');
        }
        output.Content.SetHtmlContent(html.ToString());
    }

    private static void Line(string line, StringBuilder html)
    {
        var at = 0;
        while (at < line.Length)
        {
            var tag = line.IndexOf('<', at);
            if (tag < 0)
            {
                tag = line.Length;
            }
            Span(line[at..tag], "lk-xml-text", html);
            if (tag == line.Length)
            {
                return;
            }
            var end = line.IndexOf('>', tag);
            end = end < 0 ? line.Length : end + 1;
            Tag(line[tag..end], html);
            at = end;
        }
    }

    /// <summary>Name and attributes of one tag. Values hold no quotes: whoever wrote it escaped them.</summary>
    private static void Tag(string tag, StringBuilder html)
    {
        var quoted = false;
        var start = 0;
        for (var i = 0; i < tag.Length; i++)
        {
            if (tag[i] != '"')
            {
                continue;
            }
            Span(tag[start..(quoted ? i + 1 : i)], quoted ? "lk-xml-value" : "lk-xml-tag", html);
            start = quoted ? i + 1 : i;
            quoted = !quoted;
        }
        Span(tag[start..], quoted ? "lk-xml-value" : "lk-xml-tag", html);
    }

    private static void Span(string text, string css, StringBuilder html)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            html.Append(text);
            return;
        }
        html.Append("<span class=\"")
            .Append(css)
            .Append("\">")
            .Append(s_encoder.Encode(text))
            .Append("</span>");
    }
}
